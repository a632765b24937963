import { createInterpreter } from '../../../api/src/crm/http/answer-meaning.ts';
import { createQuotaReader } from '../../../api/src/crm/http/quota.ts';
import { createRequestGate } from '../../../api/src/crm/http/request-gate.ts';

const nowMs = Date.UTC(2026, 0, 1);
const headers = (values: Readonly<Record<string, string>>) => (name: string) => values[name];

describe('a budget that the CRM tells', () => {
  it.each<readonly [string, Parameters<typeof createQuotaReader>[0][number], Readonly<Record<string, string>>, number | null]>([
    ['lasts while more is left than is to be kept', { header: 'X-Left', keep: '10' }, { 'x-left': '11' }, null],
    ['is rested for a minute when nothing says how long', { header: 'X-Left', keep: '10' }, { 'x-left': '10' }, 60_000],
    [
      'used of a limit, with a share to keep',
      { header: 'Sforce-Limit-Info', read: 'api-usage={used}/{limit}', keep: '20%', rest: '15m' },
      { 'sforce-limit-info': 'api-usage=81/100' },
      900_000,
    ],
    ['with its limit in another header', { header: 'X-Left', limit: 'X-Limit', keep: '50%' }, { 'x-left': '49', 'x-limit': '100' }, 60_000],
    [
      'until a number of seconds have passed',
      { header: 'X-Left', reset: { header: 'X-Reset', as: 'seconds' } },
      { 'x-left': '0', 'x-reset': '7' },
      7000,
    ],
    [
      'until a point in time in seconds',
      { header: 'X-Left', reset: { header: 'X-Reset', as: 'epochSeconds' } },
      { 'x-left': '0', 'x-reset': String(nowMs / 1000 + 9) },
      9000,
    ],
    [
      'until a point in time in ms',
      { header: 'X-Left', reset: { header: 'X-Reset', as: 'epochMs' } },
      { 'x-left': '0', 'x-reset': String(nowMs + 5) },
      5,
    ],
    [
      'until a date',
      { header: 'X-Left', reset: { header: 'X-Reset', as: 'date' } },
      { 'x-left': '0', 'x-reset': '2026-01-01T00:00:30Z' },
      30_000,
    ],
    ['is not there', { header: 'X-Left' }, {}, null],
    ['is written otherwise', { header: 'X-Left' }, { 'x-left': 'plenty' }, null],
  ])('%s', (_what, quota, values, restMs) => {
    expect(createQuotaReader([quota])(headers(values), nowMs).rest?.ms ?? null).toBe(restMs);
  });
});

describe('how long to wait', () => {
  it('is read where the manifest says', () => {
    const body = Buffer.from('{"error":{"retry":3}}');
    const waitOf = (wait: object, values: Readonly<Record<string, string>> = {}) =>
      createInterpreter([{ status: 429, do: 'rateLimited', wait: wait as never }])(
        { status: 429, body, header: headers(values) },
        undefined,
        nowMs,
      ).waitMs;
    expect(waitOf({ path: 'error.retry', as: 'seconds' })).toBe(3000);
    expect(waitOf({ header: 'X-Reset', as: 'epochMs' }, { 'x-reset': String(nowMs + 40) })).toBe(40);
    expect(waitOf({ header: 'X-Reset', as: 'epochMs', otherwise: '2s' })).toBe(2000);
  });
});

describe('a rule for answers', () => {
  it('can look at a header, and count for some requests only', () => {
    const interpret = createInterpreter([
      { status: 403, header: { name: 'X-Error', contains: 'quota' }, do: 'rateLimited' },
      { status: 403, on: ['get'], do: 'missing' },
    ]);
    const meaning = (operation: 'get' | 'list', error?: string) =>
      interpret({ status: 403, body: Buffer.alloc(0), operation, header: headers(error === undefined ? {} : { 'x-error': error }) })
        .meaning;
    expect([meaning('list', 'over quota'), meaning('get'), meaning('list')]).toEqual(['rateLimited', 'missing', 'forbidden']);
  });
});

describe('the gate', () => {
  const times = () => {
    let now = 0;
    return { nowMs: () => now, sleep: async (ms: number) => void (now += ms) };
  };
  const enter = async (
    gate: ReturnType<typeof createRequestGate>,
    operation: 'list' | 'changes' | 'get',
    urgency: 'bulk' | 'person' = 'bulk',
  ) => (await gate.enter({ urgency, operation, signal: new AbortController().signal }))();

  it('counts only the requests that a limit is for', async () => {
    const time = times();
    const gate = createRequestGate({ concurrency: 1, rates: [{ requests: 1, perMs: 1000, on: ['changes'] }], ...time });
    for (let made = 0; made < 5; made += 1) await enter(gate, 'list');
    expect(time.nowMs()).toBe(0);
    for (let made = 0; made < 3; made += 1) await enter(gate, 'changes');
    expect(time.nowMs()).toBe(2000);
  });

  it('keeps budgets of a day that go into the hundred thousands', async () => {
    const time = times();
    const gate = createRequestGate({ concurrency: 1, rates: [{ requests: 20_000, perMs: 86_400_000 }], ...time });
    for (let made = 0; made < 20_000; made += 1) await enter(gate, 'get', 'person');
    expect(time.nowMs()).toBe(0);
    await enter(gate, 'get', 'person');
    expect(time.nowMs()).toBe(86_400_000);
  });
});
