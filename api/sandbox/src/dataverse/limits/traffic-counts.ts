/** What each user did to each web server: how a bench computes what was permitted, and how much of it was used. */
import type { Facet } from './facets.ts';

export interface TrafficCount {
  /** The client id of an application, or the object id of a person. */
  readonly user: string;
  /** The web server's number. */
  readonly server: number;
  /** Refused ones included. */
  requests: number;
  readonly refused: Record<Facet, number>;
  /** Simulated, of requests that are over. */
  executionMs: number;
  peakConcurrent: number;
  /** Committed. */
  rowsWritten: number;
}

export interface TrafficCounts {
  readonly all: readonly TrafficCount[];
  of(user: string, server: number): TrafficCount;
  clear(): void;
}

export function createTrafficCounts(): TrafficCounts {
  const counts = new Map<string, TrafficCount>();
  return {
    get all() {
      return [...counts.values()].sort((one, other) => one.user.localeCompare(other.user) || one.server - other.server);
    },
    of(user, server) {
      const key = `${user} ${server}`;
      const known = counts.get(key);
      if (known !== undefined) return known;
      const refused: TrafficCount['refused'] = { requests: 0, executionTime: 0, concurrentRequests: 0 };
      const count: TrafficCount = { user, server, requests: 0, refused, executionMs: 0, peakConcurrent: 0, rowsWritten: 0 };
      counts.set(key, count);
      return count;
    },
    clear: () => counts.clear(),
  };
}
