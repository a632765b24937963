import { FreshCache, type Question } from '../../../api/src/dataverse/read/fresh-cache.ts';

const never = new AbortController().signal;
const asClick: Question = { patience: 'interactive', signal: never };
const asRun: Question = { patience: 'bulk', signal: never };

interface Asked {
  readonly name: string;
  readonly patience: Question['patience'];
  readonly signal: AbortSignal;
  readonly answer: (value: string) => void;
  readonly fail: (error: Error) => void;
}

const createScene = () => {
  let nowMs = 1_000;
  const asked: Asked[] = [];
  const closing = new AbortController();
  const cache = new FreshCache<string>({
    ask: (name, { patience, signal }) =>
      new Promise((answer, fail) => {
        asked.push({ name, patience, signal, answer, fail });
      }),
    clock: { nowMs: () => nowMs },
    closing: closing.signal,
  });
  return { cache, asked, closing, pass: (ms: number) => (nowMs += ms) };
};

describe('what seldom changes in an environment', () => {
  it('is asked once for all who ask at a time, and is known from then on', async () => {
    const { cache, asked } = createScene();
    const both = Promise.all([cache.get('contact', asRun), cache.get('contact', asRun)]);
    asked[0]?.answer('a table');
    expect(await both).toEqual(['a table', 'a table']);
    expect(await cache.get('contact', asClick)).toBe('a table');
    expect(asked).toHaveLength(1);
  });

  it('is asked anew after a quarter of an hour, counted from the question', async () => {
    const { cache, asked, pass } = createScene();
    const first = cache.get('contact', asRun);
    pass(60_000);
    asked[0]?.answer('a table');
    await first;
    pass(14 * 60_000 - 1);
    expect(await cache.get('contact', asRun)).toBe('a table');
    pass(1);
    const second = cache.get('contact', asRun);
    asked[1]?.answer('another');
    expect(await second).toBe('another');
  });

  it('is not asked for a run by somebody who gives up sooner: each is tried as long as it should be', async () => {
    const { cache, asked } = createScene();
    const click = cache.get('contact', asClick);
    const run = cache.get('contact', asRun);
    expect(asked.map(({ patience }) => patience)).toEqual(['interactive', 'bulk']);
    asked[0]?.fail(new Error('four tries'));
    await expect(click).rejects.toThrow('four tries');
    asked[1]?.answer('a table');
    expect(await run).toBe('a table');
  });

  it('is asked again after a failure', async () => {
    const { cache, asked } = createScene();
    const failed = cache.get('contact', asRun);
    asked[0]?.fail(new Error('away'));
    await expect(failed).rejects.toThrow('away');
    const again = cache.get('contact', asRun);
    asked[1]?.answer('a table');
    expect(await again).toBe('a table');
  });

  it('is not kept when it was asked before somebody changed it', async () => {
    const { cache, asked } = createScene();
    const before = cache.get('contact', asRun);
    cache.forget();
    const after = cache.get('contact', asRun);
    asked[0]?.answer('as it was');
    asked[1]?.answer('as it is');
    expect(await Promise.all([before, after])).toEqual(['as it was', 'as it is']);
    expect(await cache.get('contact', asClick)).toBe('as it is');
  });

  it('is waited for no longer than the asker wants, and goes on for the others until the process ends', async () => {
    const { cache, asked, closing } = createScene();
    const leaving = new AbortController();
    const gone = cache.get('contact', { patience: 'bulk', signal: leaving.signal });
    const stays = cache.get('contact', asRun);
    leaving.abort(new Error('called off'));
    await expect(gone).rejects.toThrow('called off');
    expect(asked[0]?.signal).toBe(closing.signal);
    asked[0]?.answer('a table');
    expect(await stays).toBe('a table');
  });
});
