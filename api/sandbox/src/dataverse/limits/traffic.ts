/** Every request's way in and out: which web server takes it, whether that lets it in, and how long its work takes there. */
import { createRandom } from '../../random.ts';
import type { DataverseError } from '../web-api/errors.ts';
import type { SandboxClock } from './clock.ts';
import { createExecutionMeter, type ExecutionMeter } from './execution-meter.ts';
import { throttled } from './facets.ts';
import { createServiceProtection, isRefusal, type ServiceProtection } from './service-protection.ts';
import { changeLimits, type LimitChanges, type LimitSettings } from './settings.ts';
import { createTrafficCounts, type TrafficCount } from './traffic-counts.ts';
import { affinityCookie, createWebServers } from './web-servers.ts';

export interface Visit {
  /** null: it was let in. */
  readonly refusal: DataverseError | null;
  /**
   * Ends the visit with what the meter read: waits until the work would be done on a real server, `extraMs` later, or for as long as
   * `until` lasts. A refused visit is over already.
   */
  finish(options: { readonly extraMs: number; readonly until: Promise<void> | null }): Promise<void>;
  /** Affinity, and what is left of the budgets. */
  headers(): Readonly<Record<string, string>>;
}

export interface Traffic {
  readonly settings: LimitSettings;
  readonly meter: ExecutionMeter;
  /** Other limits, servers or prices: all windows start anew. */
  change(changes: LimitChanges): void;
  /**
   * `user` is whoever signed in: limits count by user, not by whom it acts for. Between this and `finish` the Web API works without a
   * pause, so that the meter reads this request's work alone.
   */
  enter(request: { readonly user: string; readonly cookies: string | undefined }): Visit;
  readonly counts: readonly TrafficCount[];
  clearCounts(): void;
  /** As at start. */
  reset(): void;
}

export function createTraffic(options: { readonly clock: SandboxClock; readonly settings: LimitSettings }): Traffic {
  const { clock } = options;
  const counts = createTrafficCounts();
  let state = open(options.settings);

  function enter({ user, cookies }: Parameters<Traffic['enter']>[0]): Visit {
    // What a later change of settings replaces must still be left by who entered it.
    const { settings, servers, meter, protectionOf } = state;
    const startedAtMs = clock.nowMs();
    const { server, isByCookie } = servers.choose(cookies);
    const protection = protectionOf(user, server.number);
    const count = counts.of(user, server.number);
    const admission = protection.enter(startedAtMs);
    const headers = (): Readonly<Record<string, string>> => ({
      ...(isByCookie ? {} : { 'Set-Cookie': affinityCookie(server) }),
      ...(settings.isEnforced ? remainingHeaders(protection, clock.nowMs()) : {}),
    });

    count.requests += 1;
    if (isRefusal(admission)) {
      count.refused[admission.facet] += 1;
      const refusal = throttled(admission.facet, settings, String(admission.retryAfterSeconds));
      return { refusal, headers, finish: () => Promise.resolve() };
    }
    meter.start();
    server.running += 1;
    count.peakConcurrent = Math.max(count.peakConcurrent, protection.running);
    const slowdown = 1 + settings.slowdownAboveHint * Math.max(0, server.running / settings.dopHint - 1);
    return {
      refusal: null,
      headers,
      async finish({ extraMs, until }) {
        const work = meter.read({ slowdown });
        const executionMs = (settings.isExecutionSimulated ? work.executionMs : 0) + extraMs;
        count.rowsWritten += work.rowsWritten;
        const endsAtMs = startedAtMs + executionMs;
        if (until === null) admission.endsAtMs = endsAtMs;
        await (until ?? clock.until(endsAtMs));
        protection.leave(admission, endsAtMs, executionMs);
        server.running -= 1;
        count.executionMs += executionMs;
      },
    };
  }

  return {
    get settings() {
      return state.settings;
    },
    get meter() {
      return state.meter;
    },
    get counts() {
      return counts.all;
    },
    enter,
    change(changes) {
      state = open(changeLimits(state.settings, changes));
    },
    clearCounts: () => counts.clear(),
    reset() {
      state = open(options.settings);
      counts.clear();
    },
  };
}

function open(settings: LimitSettings) {
  const protections = new Map<string, ServiceProtection>();
  return {
    settings,
    servers: createWebServers(settings, createRandom(settings.seed)),
    meter: createExecutionMeter({ times: settings.executionTimes, jitter: settings.jitter, random: createRandom(settings.seed) }),
    protectionOf: (user: string, server: number): ServiceProtection => {
      const key = settings.countedPer === 'environment' ? user : `${user} ${server}`;
      const known = protections.get(key) ?? createServiceProtection(settings);
      protections.set(key, known);
      return known;
    },
  };
}

/** Seconds with a grouping comma and two decimals, and a bare number, as real environments write them. */
function remainingHeaders(protection: ServiceProtection, nowMs: number): Readonly<Record<string, string>> {
  const { requests, executionMs } = protection.remaining(nowMs);
  const seconds = (executionMs / 1000).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return { 'x-ms-ratelimit-time-remaining-xrm-requests': seconds, 'x-ms-ratelimit-burst-remaining-xrm-requests': String(requests) };
}
