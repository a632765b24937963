/**
 * Change tracking (use-change-tracking-synchronize-data-external-systems.md): all rows and a delta link first; later, by the link, what is new or
 * changed in the order of its versions, and then what was deleted.
 */
import { parseQueryString, type QueryOptions } from '../query/query-options.ts';
import { checkSelect } from '../query/select-rows.ts';
import { requirePrivilege } from '../security/caller.ts';
import { contextOf, representRow } from '../store/represent.ts';
import type { Row } from '../store/values.ts';
import { changeTrackingDays } from '../system-rows.ts';
import type { Table } from '../tables/data-model.ts';
import { badQuery, DataverseError } from '../web-api/errors.ts';
import { type ApiRequest, type ApiResponse, jsonResponse, type Session } from '../web-api/messages.ts';
import { largestPage, parsePreferences } from '../web-api/preferences.ts';
import { largestCount } from '../web-api/query-response.ts';
import { formatDeltaToken, parseDeltaToken } from './delta-token.ts';
import type { Deletion } from './deletion-log.ts';

/** Whether a query is about changes: it asks for a delta link, or it is one. */
export const isAboutChanges = (request: ApiRequest): boolean =>
  parsePreferences(request.headers).tracksChanges || /(^|&)(\$|%24)deltatoken=/i.test(request.query);

export function handleChanges(session: Session, request: ApiRequest, table: Table): ApiResponse {
  requirePrivilege(session.caller, 'Read', table);
  const options = parseQueryString(request.query);
  const preferences = parsePreferences(request.headers);
  refuseOptions(options);
  checkSelect(table, options.select);
  const { environment } = session;
  const { model, database } = environment;
  const { since, rows, deletions } = findChanges(session, table, options);
  const page = takePage(rows, options.skipToken, preferences.maxPageSize ?? largestPage);
  session.meter.rows(page.rows.length);

  const isDelta = since !== null;
  const changed = page.rows.map((row) =>
    representRow(table, row, { model, database, select: options.select, wantsAnnotation: preferences.wantsAnnotation }),
  );
  const deleted = page.next === null ? deletions.map((deletion) => describeDeletion(session, table, deletion)) : [];
  const body: Record<string, unknown> = {
    '@odata.context': `${session.serviceRoot}$metadata#${contextOf(table, options.select ?? [])}${isDelta ? '/$delta' : ''}`,
  };
  // What is written while a client turns pages is newer than the page's token: the link of the last page leads to it.
  const token = formatDeltaToken({ version: page.asOf ?? database.version, issuedAtMs: environment.nowMs() });
  if (page.next === null) body['@odata.deltaLink'] = linkTo(session, request, { $deltatoken: token });
  else body['@odata.nextLink'] = linkTo(session, request, { $skiptoken: `${page.asOf ?? database.version}-${page.next}` });
  body.value = [...changed, ...deleted];
  const applied = [preferences.tracksChanges ? 'odata.track-changes' : null, preferences.applied.query].filter((part) => part !== null);
  return jsonResponse(200, body, applied.length === 0 ? {} : { 'Preference-Applied': applied.join(',') });
}

/** `accounts/$count?$deltatoken=…`: how many changes there are. */
export function countChanges(session: Session, request: ApiRequest, table: Table): ApiResponse {
  requirePrivilege(session.caller, 'Read', table);
  const options = parseQueryString(request.query);
  refuseOptions(options);
  const { rows, deletions } = findChanges(session, table, options);
  const count = Math.min(rows.length + deletions.length, largestCount);
  return { status: 200, headers: { 'Content-Type': 'text/plain' }, body: `\uFEFF${count}` };
}

function refuseOptions(options: QueryOptions): void {
  const given = { filter: options.filter, orderby: options.orderBy, expand: options.expand, top: options.top };
  for (const [name, value] of Object.entries(given)) {
    if (value !== null) throw badQuery(`The "\${${name}}" query parameter isn't supported when Change Tracking is enabled.`);
  }
}

interface Changes {
  /** null: a first read, of all there is. */
  readonly since: number | null;
  /** By ascending version. */
  readonly rows: readonly Row[];
  readonly deletions: readonly Deletion[];
}

function findChanges({ environment }: Session, table: Table, options: QueryOptions): Changes {
  if (table.isChangeTracked !== true) throw badQuery('Change tracking is not enabled for this entity.');
  const rows = [...environment.database.rows(table.logicalName).list()].sort((a, b) => a.version - b.version);
  if (options.deltaToken === null) return { since: null, rows, deletions: [] };
  const { version, issuedAtMs } = parseDeltaToken(options.deltaToken);
  if (environment.nowMs() - issuedAtMs > changeTrackingDays * 86_400_000) throw versionStampExpired();
  return {
    since: version,
    rows: rows.filter((row) => row.version > version),
    deletions: environment.deletions.since(table.logicalName, version),
  };
}

const versionStampExpired = () =>
  new DataverseError(400, '0x80044352', 'Version stamp associated with the client has expired. Please perform a full sync.');

interface ChangePage {
  readonly rows: readonly Row[];
  /** The version after which the next page starts; null: this is the last. */
  readonly next: number | null;
  /** The version of the environment at the first page; null: this is the first. */
  readonly asOf: number | null;
}

function takePage(all: readonly Row[], skipToken: string | null, size: number): ChangePage {
  const match = skipToken === null ? null : /^(\d+)-(\d+)$/.exec(skipToken);
  if (skipToken !== null && match === null) throw badQuery(`The value '${skipToken}' of $skiptoken is not valid.`);
  const after = match === null ? 0 : Number(match[2]);
  const left = all.filter((row) => row.version > after);
  const rows = left.slice(0, size);
  const last = rows.at(-1);
  return {
    rows,
    next: last !== undefined && left.length > rows.length ? last.version : null,
    asOf: match === null ? null : Number(match[1]),
  };
}

function describeDeletion({ serviceRoot }: Session, table: Table, { id }: Deletion): Readonly<Record<string, unknown>> {
  return { '@odata.context': `${serviceRoot}$metadata#${table.entitySetName}/$deletedEntity`, id, reason: 'deleted' };
}

function linkTo({ serviceRoot }: Session, { path, query }: ApiRequest, tokens: Readonly<Record<string, string>>): string {
  const replaced = tokens.$deltatoken === undefined ? /^(\$|%24)skiptoken=/i : /^(\$|%24)(skip|delta)token=/i;
  const kept = query.split('&').filter((pair) => pair !== '' && !replaced.test(pair));
  const added = Object.entries(tokens).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `${serviceRoot}${path}?${[...kept, ...added].join('&')}`;
}
