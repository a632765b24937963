/** @jest-environment ./tests/panel/support/browser-environment.mjs */
import { createLocalTokenProvider } from '../../api/control-panel/src/session/local-token-provider.ts';

const tokenOf = (claims: object) => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;

const openProvider = (answers: readonly (object | number)[]) => {
  let nowMs = 0;
  const sent: string[] = [];
  const provider = createLocalTokenProvider({
    authority: 'http://issuer.example/tenant',
    userName: 'admin',
    nowMs: () => nowMs,
    fetch: async (address, init) => {
      const answer = answers[sent.length];
      sent.push(JSON.stringify([init?.method, address, init?.body]));
      return typeof answer === 'number' ? new Response('', { status: answer }) : Response.json(answer);
    },
  });
  return {
    provider,
    sent,
    wait: (milliseconds: number) => {
      nowMs += milliseconds;
    },
  };
};

describe('tokens of the local issuer', () => {
  it('are asked for once, however many need one at the same time', async () => {
    const { provider, sent } = openProvider([{ access_token: tokenOf({ name: 'Ada Admin' }), expires_in: 3600 }]);
    const tokens = await Promise.all([provider.getToken(), provider.getToken(), provider.getToken()]);
    expect(new Set(tokens).size).toBe(1);
    expect(await provider.getToken()).toBe(tokens[0]);
    expect(sent).toEqual([JSON.stringify(['POST', 'http://issuer.example/tenant/sandbox/sign-in', '{"user":"admin"}'])]);
  });

  it('are renewed a minute before they expire', async () => {
    const { provider, wait } = openProvider([
      { access_token: 'first', expires_in: 3600 },
      { access_token: 'second', expires_in: 3600 },
    ]);
    expect(await provider.getToken()).toBe('first');
    wait(3_539_999);
    expect(await provider.getToken()).toBe('first');
    wait(1);
    expect(await provider.getToken()).toBe('second');
  });

  it('say who it is, in any alphabet', async () => {
    const { provider } = openProvider([{ access_token: tokenOf({ name: 'Åsa Ødegård 田中' }), expires_in: 3600 }]);
    expect(provider.user()).toBeUndefined();
    await provider.getToken();
    expect(provider.user()).toEqual({ name: 'Åsa Ødegård 田中' });
  });

  it('that cannot be looked into are used all the same', async () => {
    const { provider } = openProvider([{ access_token: 'opaque', expires_in: 3600 }]);
    expect(await provider.getToken()).toBe('opaque');
    expect(provider.user()).toEqual({ name: 'admin' });
  });

  it.each([[500], [{ access_token: 7 }], [{}]])('that are none (%j) are a problem that can be tried again', async (answer) => {
    const { provider } = openProvider([answer, { access_token: 'later', expires_in: 3600 }]);
    await expect(provider.getToken()).rejects.toMatchObject({ code: 'client.sign_in_unreachable', isRetryable: true });
    expect(await provider.getToken()).toBe('later');
  });
});
