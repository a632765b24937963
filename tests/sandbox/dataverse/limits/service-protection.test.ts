/** Service protection of one user on one web server (api-limits.md), with the published numbers. */
import { facets, throttled } from '../../../../api/sandbox/src/dataverse/limits/facets.ts';
import {
  type Admission,
  createServiceProtection,
  isRefusal,
  type ServiceProtection,
} from '../../../../api/sandbox/src/dataverse/limits/service-protection.ts';
import { defaultLimits, type LimitSettings } from '../../../../api/sandbox/src/dataverse/limits/settings.ts';

const protect = (limits: Partial<LimitSettings> = {}): ServiceProtection =>
  createServiceProtection({ ...defaultLimits, isEnforced: true, ...limits });

/** A request that takes no time; tells what refused it. */
function ask(protection: ServiceProtection, nowMs: number, executionMs = 0) {
  const outcome = protection.enter(nowMs);
  if (isRefusal(outcome)) return outcome;
  protection.leave(outcome, nowMs, executionMs);
  return 'admitted';
}

describe('the service protection limits of one user on one server', () => {
  it('let 6,000 requests in and refuse the 6,001st until the first is 300 seconds old', () => {
    const protection = protect();
    for (let index = 0; index < 6000; index += 1) expect(ask(protection, index * 10)).toBe('admitted');
    expect(ask(protection, 60_000)).toEqual({ facet: 'requests', retryAfterSeconds: 241 });
    expect(ask(protection, 301_000)).toBe('admitted');
  });

  it('refuse once requests have taken 1,200,000 ms, and not a millisecond earlier', () => {
    const protection = protect();
    for (let index = 0; index < 239; index += 1) expect(ask(protection, index * 1000, 5000)).toBe('admitted');
    expect(ask(protection, 239_000, 4_999)).toBe('admitted');
    expect(ask(protection, 240_000, 1)).toBe('admitted');
    expect(ask(protection, 240_000)).toEqual({ facet: 'executionTime', retryAfterSeconds: 60 });
    expect(ask(protection, 300_000)).toBe('admitted');
  });

  it('refuse the 53rd request at once, and tell when the first of them will be over', () => {
    const protection = protect();
    const underWay = Array.from({ length: 52 }, (_, index): Admission => {
      const outcome = protection.enter(1000);
      if (isRefusal(outcome)) throw new Error('refused');
      outcome.endsAtMs = 5_500 + index;
      return outcome;
    });
    expect(protection.enter(1000)).toEqual({ facet: 'concurrentRequests', retryAfterSeconds: 5 });
    const [first] = underWay;
    if (first !== undefined) protection.leave(first, 5_500, 4_500);
    expect(isRefusal(protection.enter(5_500))).toBe(false);
    expect(isRefusal(protection.enter(5_500))).toBe(true);
  });

  it('count a refused request as a request', () => {
    const protection = protect({ concurrentRequests: 1, requests: 3 });
    expect(isRefusal(protection.enter(0))).toBe(false);
    expect(protection.enter(1)).toMatchObject({ facet: 'concurrentRequests' });
    expect(protection.enter(2)).toMatchObject({ facet: 'concurrentRequests' });
    expect(protection.enter(3)).toMatchObject({ facet: 'requests' });
  });

  it('whoever waits as told is let in, however many were told', () => {
    const protection = protect({ executionMs: 1000 });
    ask(protection, 0, 1000);
    let wait = 0;
    for (let index = 0; index < 30; index += 1) {
      const refusal = ask(protection, 250_000 + index);
      if (refusal !== 'admitted') wait = refusal.retryAfterSeconds * 1000 + index;
    }
    expect(ask(protection, 250_000 + wait)).toBe('admitted');
  });

  it('whoever does not wait is told to wait longer and longer, but never longer than 300 seconds', () => {
    const protection = protect({ executionMs: 1000, ignoredRetryAfterMs: 2000 });
    ask(protection, 0, 1000);
    const told: number[] = [];
    for (let second = 200; second < 500; second += 1) {
      const refusal = ask(protection, second * 1000);
      told.push(refusal === 'admitted' ? 0 : refusal.retryAfterSeconds);
    }
    expect(told.slice(0, 4)).toEqual([100, 101, 102, 103]);
    expect(Math.max(...told)).toBe(300);
    expect(told.at(-1)).toBe(300);
    // Without the hammering there would have been room at 300.
    expect(ask(protection, 500_000 + 300_000)).toBe('admitted');
  });

  it('let everybody in when they are not enforced', () => {
    const protection = protect({ isEnforced: false, requests: 1, executionMs: 1, concurrentRequests: 1 });
    for (let index = 0; index < 10; index += 1) expect(isRefusal(protection.enter(index))).toBe(false);
  });

  it('word their refusals as published', () => {
    expect(
      facets
        .map((facet) => throttled(facet, defaultLimits, '7'))
        .map(({ status, code, message, headers }) => ({ status, code, message, headers })),
    ).toEqual([
      {
        status: 429,
        code: '0x80072322',
        message: 'Number of requests exceeded the limit of 6000 over time window of 300 seconds.',
        headers: { 'Retry-After': '7' },
      },
      {
        status: 429,
        code: '0x80072321',
        message:
          'Combined execution time of incoming requests exceeded limit of 1,200,000  milliseconds over time window of 300 seconds. ' +
          'Decrease number of concurrent requests or reduce the duration of requests and try again later.',
        headers: { 'Retry-After': '7' },
      },
      {
        status: 429,
        code: '0x80072326',
        message: 'Number of concurrent requests exceeded the limit of 52.',
        headers: { 'Retry-After': '7' },
      },
    ]);
  });
});
