import fc from 'fast-check';
import type { Urgency } from '../../../api/src/crm/types.ts';
import { createHostPolicy, isPrivateAddress } from '../../../api/src/crm/http/allowed-hosts.ts';
import { createInterpreter } from '../../../api/src/crm/http/answer-meaning.ts';
import { createCrmClock } from '../../../api/src/crm/http/crm-clock.ts';
import { createRequestGate } from '../../../api/src/crm/http/request-gate.ts';
import { backOffMs, readRetryAfterMs } from '../../../api/src/crm/http/retry-delay.ts';

const never = new AbortController().signal;

/** A clock that only moves when somebody sleeps. */
const createFakeTime = () => {
  let nowMs = 0;
  return {
    nowMs: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += ms;
    },
  };
};

describe('waiting before another try', () => {
  it('reads Retry-After in seconds and as a date', () => {
    const nowMs = Date.UTC(2026, 0, 1);
    expect(readRetryAfterMs('7', nowMs)).toBe(7000);
    expect(readRetryAfterMs('Thu, 01 Jan 2026 00:00:30 GMT', nowMs)).toBe(30_000);
    expect(readRetryAfterMs('Thu, 01 Jan 2015 00:00:30 GMT', nowMs)).toBe(0);
    expect(readRetryAfterMs('soon', nowMs)).toBeNull();
    expect(readRetryAfterMs(undefined, nowMs)).toBeNull();
  });

  it('grows with each try, up to a minute, and is never nothing', () => {
    expect([1, 2, 3, 10].map((tries) => backOffMs(tries, () => 1))).toEqual([1000, 2000, 4000, 60_000]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.double({ min: 0, max: 1, noNaN: true }), (tries, random) =>
        expect(backOffMs(tries, () => random)).toBeGreaterThan(0),
      ),
    );
  });
});

describe('the gate for requests', () => {
  it('lets no more out in any stretch of time than the CRM allows', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 10, max: 1000 }),
        fc.integer({ min: 1, max: 30 }),
        async (requests, perMs, count) => {
          const time = createFakeTime();
          const gate = createRequestGate({ concurrency: 3, rates: [{ requests, perMs }], ...time });
          const times: number[] = [];
          for (let made = 0; made < count; made += 1) {
            (await gate.enter({ urgency: 'bulk', signal: never }))();
            times.push(time.nowMs());
          }
          times.forEach((atMs, position) => {
            const earlier = times[position - requests];
            if (earlier !== undefined) expect(atMs - earlier).toBeGreaterThanOrEqual(perMs);
          });
        },
      ),
      { numRuns: 50 },
    );
  });

  it('never has more requests under way than allowed, and lets those go first for which a person waits', async () => {
    const gate = createRequestGate({ concurrency: 1, rates: [], ...createFakeTime() });
    const leave = await gate.enter({ urgency: 'bulk', signal: never });
    const order: string[] = [];
    const queue = (name: string, urgency: Urgency) =>
      gate.enter({ urgency, signal: never }).then((leaveNow) => {
        order.push(name);
        leaveNow();
      });
    const all = Promise.all([queue('page', 'bulk'), queue('delivery', 'webhook'), queue('agent', 'person')]);
    expect(order).toEqual([]);
    leave();
    await all;
    expect(order).toEqual(['agent', 'delivery', 'page']);
  });

  it('rests for everybody when the CRM asks for it', async () => {
    const time = createFakeTime();
    const gate = createRequestGate({ concurrency: 2, rates: [], ...time });
    gate.rest(5000);
    await gate.enter({ urgency: 'person', signal: never });
    expect(time.nowMs()).toBe(5000);
  });

  it('gives the place back of who stops waiting', async () => {
    const gate = createRequestGate({ concurrency: 1, rates: [], ...createFakeTime() });
    const leave = await gate.enter({ urgency: 'bulk', signal: never });
    const stop = new AbortController();
    const waiting = gate.enter({ urgency: 'bulk', signal: stop.signal });
    stop.abort(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
    leave();
    await expect(gate.enter({ urgency: 'bulk', signal: never })).resolves.toBeInstanceOf(Function);
  });
});

describe('the hosts that requests may go to', () => {
  const policy = createHostPolicy({
    baseUrl: 'https://crm.example.com/api',
    hosts: ['files.example.com', '*.cdn.example.com'],
    allowPrivateNetwork: false,
  });
  const verdict = (url: string) => policy.refusal(new URL(url));

  it('are that of the CRM and those of the manifest', () => {
    for (const url of ['https://crm.example.com/x', 'https://files.example.com', 'https://a.b.cdn.example.com/'])
      expect(verdict(url)).toBeNull();
  });

  it.each([
    'https://evil.example',
    'https://crm.example.com.evil.example',
    'https://crm.example.com@evil.example',
    'https://user:pw@crm.example.com',
    'https://crm.example.com:8443',
    'http://crm.example.com',
    'https://cdn.example.com.evil.example',
    'https://evilcdn.example.com',
    'ftp://crm.example.com',
  ])('are no others: %s', (url) => {
    expect(verdict(url)).toBe('host');
  });

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '::1',
    'fe80::1',
    'fd00::1',
    '::ffff:10.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::7f00:1',
  ])('are never private unless the admin says so: %s', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
    const url = `https://${address.includes(':') ? `[${address}]` : address}/`;
    const inside = (allowPrivateNetwork: boolean) =>
      createHostPolicy({ baseUrl: url, hosts: [], allowPrivateNetwork }).refusal(new URL(url));
    expect(inside(false)).toBe('private');
    expect(inside(true)).toBeNull();
  });

  it.each(['8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8'])('may have public addresses: %s', (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  });
});

describe('what an answer means', () => {
  const body = Buffer.from('{"success":false,"error":"quota used up"}');

  it('is told by its status when the manifest says nothing', () => {
    const meaningOf = (status: number) => createInterpreter([])({ status, body }).meaning;
    expect([200, 204, 401, 403, 404, 410, 429, 400, 302, 408, 425, 500, 503].map(meaningOf)).toEqual([
      'ok',
      'empty',
      'signInAgain',
      'forbidden',
      'missing',
      'missing',
      'rateLimited',
      'refuse',
      'refuse',
      'retry',
      'retry',
      'retry',
      'retry',
    ]);
  });

  it('is told by the first rule that fits, also for a body that says no with status 200', () => {
    const interpret = createInterpreter([
      { status: 403, contains: 'quota', do: 'rateLimited', wait: '10s' },
      { status: [200, 201], when: 'success == false', do: 'refuse' },
    ]);
    expect(interpret({ status: 403, body })).toMatchObject({ meaning: 'rateLimited', waitMs: 10_000 });
    expect(interpret({ status: 403, body: Buffer.from('no') })).toMatchObject({ meaning: 'forbidden' });
    expect(interpret({ status: 200, body })).toMatchObject({ meaning: 'refuse' });
    expect(interpret({ status: 200, body: Buffer.from('{"success":true}') })).toMatchObject({ meaning: 'ok' });
  });
});

describe('the CRM’s clock', () => {
  it('is learnt from the Date header, never ahead of the CRM, and not from a cache', () => {
    const ours = Date.UTC(2026, 0, 1, 12, 0, 0);
    const clock = createCrmClock(() => ours);
    expect([clock.nowMs(), clock.skewMs()]).toEqual([ours, null]);
    clock.observe({ date: 'Thu, 01 Jan 2026 12:00:42 GMT', age: undefined }, ours - 100, ours);
    expect(clock.nowMs()).toBe(ours + 42_000);
    expect(clock.skewMs()).toBe(42_550);
    clock.observe({ date: 'Thu, 01 Jan 2026 11:00:00 GMT', age: '3600' }, ours, ours);
    clock.observe({ date: 'nonsense', age: undefined }, ours, ours);
    expect(clock.nowMs()).toBe(ours + 42_000);
  });
});
