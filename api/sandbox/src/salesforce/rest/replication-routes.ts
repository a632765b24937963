import type { FastifyInstance } from 'fastify';
import { SalesforceError } from '../errors.ts';
import { jsonTime } from '../soql/represent.ts';
import { type ObjectParams, type RestContext, objectOf } from './context.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** https://developer.salesforce.com/docs/platform/api-rest/guide/resources-getupdated.html and resources-getdeleted.html */
const updatedReachMs = 30 * dayMs;
const deletedReachMs = 15 * dayMs;
const idsLimit = 600_000;

interface Window {
  readonly from: string;
  readonly to: string;
  /** What the next call must begin with: a transaction that began before the end may still be under way. */
  readonly latestDateCovered: string;
}

const refuse = (message: string): SalesforceError => new SalesforceError(400, 'INVALID_REPLICATION_DATE', message);

/** Seconds are ignored: 14:15:59 counts as 14:15:00. */
const minuteOf = (name: string, text: unknown): number => {
  const at =
    typeof text === 'string' ? Date.parse(text.replace(/ (?=\d{2}:?\d{2}$)/, '+').replace(/([+-]\d{2})(\d{2})$/, '$1:$2')) : Number.NaN;
  if (Number.isNaN(at)) throw new SalesforceError(400, 'INVALID_FIELD', `${name}: invalid dateTime`);
  return Math.floor(at / minuteMs) * minuteMs;
};

interface WindowQuery {
  readonly start?: unknown;
  readonly end?: unknown;
}

const readWindow = ({ start, end }: WindowQuery, now: Date, reachMs: number): Window => {
  const from = minuteOf('start', start);
  const to = minuteOf('end', end);
  if (to - from < minuteMs) throw refuse('endDate should be greater than the startDate by at least one minute');
  if (now.getTime() - from > reachMs) throw refuse(`startDate cannot be more than ${reachMs / dayMs} days ago`);
  const covered = Math.min(to, Math.floor(now.getTime() / minuteMs) * minuteMs);
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    latestDateCovered: jsonTime(new Date(covered).toISOString()),
  };
};

const requireFew = (ids: readonly unknown[]): void => {
  if (ids.length > idsLimit) throw new SalesforceError(400, 'EXCEEDED_ID_LIMIT', `too many IDs: more than ${idsLimit}`);
};

export interface DeleteLog {
  /** Entries before this were purged. null: nothing was purged yet. */
  purgedUntil: string | null;
}

/** `/sobjects/{object}/updated` and `/deleted`. */
export const addReplicationRoutes = (app: FastifyInstance, { org, now }: RestContext, deleteLog: DeleteLog): void => {
  app.get<{ Params: ObjectParams; Querystring: WindowQuery }>('/sobjects/:object/updated', ({ params, query }) => {
    const object = objectOf(params);
    const { from, to, latestDateCovered } = readWindow(query, now(), updatedReachMs);
    const ids = org
      .all(object.name)
      .filter((record) => !record.IsDeleted && record.SystemModstamp >= from && record.SystemModstamp < to)
      .map(({ Id }) => Id);
    requireFew(ids);
    return { ids, latestDateCovered };
  });

  app.get<{ Params: ObjectParams; Querystring: WindowQuery }>('/sobjects/:object/deleted', ({ params, query }) => {
    const object = objectOf(params);
    const { from, to, latestDateCovered } = readWindow(query, now(), deletedReachMs);
    const earliest = deleteLog.purgedUntil ?? new Date(now().getTime() - deletedReachMs).toISOString();
    const deletedRecords = org
      .deletions(object.name)
      .filter(({ deletedAt }) => deletedAt >= from && deletedAt < to && deletedAt >= earliest)
      .map(({ id, deletedAt }) => ({ id, deletedDate: jsonTime(deletedAt) }));
    requireFew(deletedRecords);
    return { deletedRecords, earliestDateAvailable: jsonTime(earliest), latestDateCovered };
  });
};
