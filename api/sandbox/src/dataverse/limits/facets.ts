/** The three facets of service protection with their published codes and wordings (api-limits.md). */
import { DataverseError } from '../web-api/errors.ts';
import type { LimitSettings } from './settings.ts';

export type Facet = 'requests' | 'executionTime' | 'concurrentRequests';
export const facets: readonly Facet[] = ['requests', 'executionTime', 'concurrentRequests'];

type Limits = Pick<LimitSettings, 'requests' | 'executionMs' | 'concurrentRequests' | 'windowMs'>;

const codes: Readonly<Record<Facet, string>> = {
  requests: '0x80072322',
  executionTime: '0x80072321',
  concurrentRequests: '0x80072326',
};

/** Two spaces before "milliseconds" and no grouping elsewhere: as published. */
function messageOf(facet: Facet, limits: Limits): string {
  const window = `over time window of ${limits.windowMs / 1000} seconds.`;
  switch (facet) {
    case 'requests':
      return `Number of requests exceeded the limit of ${limits.requests} ${window}`;
    case 'executionTime':
      return (
        `Combined execution time of incoming requests exceeded limit of ${limits.executionMs.toLocaleString('en-US')}  milliseconds ${window} ` +
        'Decrease number of concurrent requests or reduce the duration of requests and try again later.'
      );
    case 'concurrentRequests':
      return `Number of concurrent requests exceeded the limit of ${limits.concurrentRequests}.`;
  }
}

export const throttled = (facet: Facet, limits: Limits, retryAfter: string): DataverseError =>
  new DataverseError(429, codes[facet], messageOf(facet, limits), { 'Retry-After': retryAfter });
