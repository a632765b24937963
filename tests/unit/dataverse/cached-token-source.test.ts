import { type IssuedToken, cachedTokenSource } from '../../../api/src/dataverse/sign-in/cached-token-source.ts';

const never = new AbortController().signal;
const hourMs = 3_600_000;

/** An issuer whose tokens are given by hand, so that a test decides when a sign-in ends. */
const create = () => {
  const time = { nowMs: 1_000_000 };
  const asked: { readonly isRefused: boolean; readonly give: (token: IssuedToken) => void; readonly fail: (error: Error) => void }[] = [];
  const tokens = cachedTokenSource({
    issuer: {
      issue: ({ isRefused }) => {
        const { promise, resolve, reject } = Promise.withResolvers<IssuedToken>();
        asked.push({ isRefused, give: resolve, fail: reject });
        return promise;
      },
    },
    clock: { nowMs: () => time.nowMs },
  });
  const giveLast = (value: string) => asked.at(-1)?.give({ value, expiresAtMs: time.nowMs + hourMs });
  return { time, asked, tokens, giveLast };
};

describe('a token', () => {
  it('is asked for once, however many lanes need it at the same moment', async () => {
    const { tokens, asked, giveLast } = create();
    const all = Promise.all(Array.from({ length: 52 }, () => tokens.getToken(never)));
    giveLast('first');
    expect(new Set(await all)).toEqual(new Set(['first']));
    expect(await tokens.getToken(never)).toBe('first');
    expect(asked).toHaveLength(1);
  });

  it('is renewed while the old one still works, and nobody waits for that', async () => {
    const { tokens, asked, giveLast, time } = create();
    const first = tokens.getToken(never);
    giveLast('first');
    await first;
    time.nowMs += hourMs - 4 * 60_000;
    expect(await tokens.getToken(never)).toBe('first');
    expect(await tokens.getToken(never)).toBe('first');
    expect(asked).toHaveLength(2);
    giveLast('second');
    await new Promise((resolve) => setImmediate(resolve));
    expect(await tokens.getToken(never)).toBe('second');
  });

  it('goes on being used when its renewal fails, until it really ends', async () => {
    const { tokens, asked, giveLast, time } = create();
    const first = tokens.getToken(never);
    giveLast('first');
    await first;
    time.nowMs += hourMs - 60_000;
    expect(await tokens.getToken(never)).toBe('first');
    asked.at(-1)?.fail(new Error('the issuer is down'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(await tokens.getToken(never)).toBe('first');
    expect(asked).toHaveLength(2);
    time.nowMs += 40_000;
    const waiting = tokens.getToken(never);
    asked.at(-1)?.fail(new Error('the issuer is still down'));
    await expect(waiting).rejects.toThrow('still down');
  });

  it('that was refused is not used again, and the issuer hears that it was', async () => {
    const { tokens, asked, giveLast } = create();
    const first = tokens.getToken(never);
    giveLast('first');
    await first;
    tokens.invalidate();
    const second = tokens.getToken(never);
    giveLast('second');
    expect(await second).toBe('second');
    expect(asked.map(({ isRefused }) => isRefused)).toEqual([false, true]);
  });

  it('still comes to the others when one stops waiting', async () => {
    const { tokens, giveLast } = create();
    const abort = new AbortController();
    const gone = tokens.getToken(abort.signal);
    const staying = tokens.getToken(never);
    abort.abort(new Error('called off'));
    await expect(gone).rejects.toThrow('called off');
    giveLast('first');
    expect(await staying).toBe('first');
  });

  it('is asked for anew after a sign-in that failed', async () => {
    const { tokens, asked, giveLast } = create();
    const failing = tokens.getToken(never);
    asked[0]?.fail(new Error('wrong secret'));
    await expect(failing).rejects.toThrow('wrong secret');
    const next = tokens.getToken(never);
    giveLast('now');
    expect(await next).toBe('now');
  });
});
