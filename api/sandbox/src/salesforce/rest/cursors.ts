import { idAt } from '../data/ids.ts';
import type { SObject } from '../data/sobject.ts';
import { SalesforceError } from '../errors.ts';
import type { PreparedQuery } from '../soql/run-query.ts';

interface Cursor {
  readonly query: PreparedQuery;
  /** What the query found when it ran; later changes do not show. */
  readonly records: readonly SObject[];
  readonly openedAtMs: number;
}

export interface CursorPosition extends Pick<Cursor, 'query' | 'records'> {
  readonly locator: string;
  readonly start: number;
}

const locatorPrefix = '0r8';

/** Results of queries that did not fit on one page. */
export const createCursors = ({ now, lifetimeSeconds }: { readonly now: () => Date; readonly lifetimeSeconds: () => number }) => {
  const cursors = new Map<string, Cursor>();
  let opened = 0;
  return {
    open: (query: PreparedQuery, records: readonly SObject[]): string => {
      opened += 1;
      const locator = idAt(locatorPrefix, opened);
      cursors.set(locator, { query, records, openedAtMs: now().getTime() });
      return locator;
    },
    /** Reads `{locator}-{start}`. Throws INVALID_QUERY_LOCATOR when it ended or never was. */
    at: (text: string): CursorPosition => {
      const [, locator = '', start] = /^([A-Za-z0-9]{15,18})-(\d+)$/.exec(text) ?? [];
      const cursor = cursors.get(locator);
      if (!cursor || now().getTime() - cursor.openedAtMs >= lifetimeSeconds() * 1000) {
        cursors.delete(locator);
        throw new SalesforceError(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
      }
      return { ...cursor, locator, start: Number(start) };
    },
  };
};
