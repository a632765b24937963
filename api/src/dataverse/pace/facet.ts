import { normaliseCode, type ErrorAnswer } from '../http/error-answer.ts';

/** The three limits that Dataverse sets each user on each web server, and what may stand behind a 429 without a code. */
export type Facet = 'requests' | 'executionTime' | 'concurrency' | 'unknown';

// https://learn.microsoft.com/power-apps/developer/data-platform/api-limits
const facetByCode: ReadonlyMap<string, Facet> = new Map([
  ['0x80072322', 'requests'],
  ['0x80072321', 'executionTime'],
  ['0x80072326', 'concurrency'],
]);

export const facetOf = ({ code }: Pick<ErrorAnswer, 'code'>): Facet => facetByCode.get(normaliseCode(code)) ?? 'unknown';
