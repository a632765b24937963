import type { TableName } from '../../crm/types.ts';
import { hexOfNumbers, numberArray, textArray } from '../database/array-literal.ts';
import { errorCodeOf } from '../database/database-errors.ts';
import type { Sql } from '../database/types.ts';
import type { KnownRecords, Link, LinkState, PageCommit, SeenRecord } from './types.ts';

/** The numbers that the table holds are the positions here. */
const linkStates: readonly LinkState[] = ['linked', 'waitingForParent', 'removed'];
const linkedState = linkStates.indexOf('linked');
export const waitingState = linkStates.indexOf('waitingForParent');
export const removedState = linkStates.indexOf('removed');

const toState = (number: number): LinkState => {
  const state = linkStates[number];
  if (state === undefined) throw new Error(`a link has the unknown state ${number}`);
  return state;
};

/** Of a found link, in the order of `findText`'s columns. */
type LinkValues = readonly [
  recordId: string,
  contentHash: string,
  sourceModifiedOnMs: number | null,
  parentId: string | null,
  state: number,
  syncedOnMs: number,
  checkedOnMs: number,
];

const toLink = ([recordId, hash, sourceModifiedOnMs, parentId, state, syncedOnMs, checkedOnMs]: LinkValues): Link => ({
  recordId,
  contentHash: hash.replaceAll('-', ''),
  sourceModifiedOnMs,
  parentId,
  state: toState(state),
  syncedOnMs,
  checkedOnMs,
});

/** No hash is like that: 128 bits of SHA-256. */
const noHash = 'f'.repeat(32);
/** As what a link without a version counts, beside a record without one. */
const noVersion = -1;

export type LinkCommit = Pick<PageCommit, 'sourceId' | 'table' | 'links' | 'guard'>;

/**
 * any: whatever is there. seen: only over links that are as they were when the records were looked at. new: none of the records had a
 * link then, so the statement fails when one has by now.
 */
export type LinkWriteKind = 'any' | 'seen' | 'new';

export const kindOfWrite = ({ links, guard }: LinkCommit): LinkWriteKind => {
  if (guard === undefined) return 'any';
  return guard.links.size === 0 || links.every(({ recordId }) => !guard.links.has(recordId)) ? 'new' : 'seen';
};

const alreadyThereCode = '23505';
/** What a write of the kind `new` fails with when somebody else has made one of the links. */
export const isAlreadyThere = (error: unknown): boolean => errorCodeOf(error) === alreadyThereCode;

export interface LinkTable {
  find(sql: Sql, sourceId: string, table: TableName, recordIds: readonly string[]): Promise<ReadonlyMap<string, Link>>;
  findUnsettled(sql: Sql, sourceId: string, table: TableName, seen: readonly SeenRecord[]): Promise<KnownRecords>;
  findLinkedIds(sql: Sql, sourceId: string, table: TableName, recordIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** false when the guard kept one of them out. */
  upsert(sql: Sql, commit: LinkCommit): Promise<boolean>;
  /** What `upsert` runs, for a statement that does more in one go; its parameters come first, the third are the records' ids. */
  readonly writeTexts: Readonly<Record<LinkWriteKind, string>>;
  writeParameters(commit: LinkCommit): readonly unknown[];
  markChecked(sql: Sql, sourceId: string, table: TableName, recordIds: readonly string[], checkedOnMs: number): Promise<void>;
  forget(sql: Sql, sourceId: string, table: TableName, recordIds: readonly string[]): Promise<void>;
}

/** One statement must not touch a row twice; of two versions in one page the newer counts, and the later of equals. */
export const newestPerRecord = (links: readonly Link[]): readonly Link[] => {
  const newest = new Map<string, Link>();
  for (const link of links) {
    const other = newest.get(link.recordId);
    if (other === undefined || (link.sourceModifiedOnMs ?? 0) >= (other.sourceModifiedOnMs ?? 0)) newest.set(link.recordId, link);
  }
  return newest.size === links.length ? links : [...newest.values()];
};

export const createLinkTable = (schema: string): LinkTable => {
  // LATERAL with a limit keeps one primary key probe per id whatever the planner believes of the table. A plain join with a
  // table that was never analysed took 3 s per 1000 ids after 40,000 rows; this takes 15 µs an id.
  // The answer is one JSON text: reading 1000 rows of 7 columns costs the drivers more than finding them (10 of 18 ms embedded).
  // Where nothing lies between the least and the greatest id, none of them is known: a first load, page by page in the order of its ids,
  // asks one question instead of 500.
  const linkOf = (condition: string): string => `lateral (
      select * from ${schema}.link
      where source_id = $1 and table_name = $2 and record_id = wanted.record_id ${condition}
      limit 1
    ) as link`;
  const isAnyKnown = `exists (
      select from ${schema}.link
      where source_id = $1 and table_name = $2
        and record_id between (select min(record_id) from wanted) and (select max(record_id) from wanted)
    )`;
  const lookup = (values: string, condition: string): string => `
    with wanted as materialized (select record_id collate "C" as record_id from unnest($3::text[]) as asked (record_id))
    select coalesce(json_agg(${values}), '[]')::text as found
    from wanted
    cross join ${linkOf(condition)}
    where ${isAnyKnown}`;
  const linkValues =
    'json_build_array(link.record_id, link.content_hash, link.source_modified_on_ms, parent_id, state, synced_on_ms, checked_on_ms)';
  const findText = lookup(linkValues, '');
  const findLinkedIdsText = lookup('link.record_id', `and state <> ${removedState}`);
  // A letter for each record that was asked for, in that order, and the links of those that are not settled: to write and to read all of
  // them costs a run in which nothing has changed a tenth of its time. What the records are now travels as bytes, since arrays of 500
  // hashes and versions cost a first load, for which it is all in vain, 1 ms a page; this costs 0.1.
  const unsettledText = `
    with wanted as materialized (
      select record_id collate "C" as record_id, position::integer from unnest($3::text[]) with ordinality as asked (record_id, position)
    ), known as (
      select wanted.position, link.*,
        state = ${linkedState}
          and uuid_send(content_hash) = substring(decode($4::text, 'hex') from (position - 1) * 16 + 1 for 16)
          and int8send(coalesce(source_modified_on_ms, ${noVersion})) = substring(decode($5::text, 'hex') from (position - 1) * 8 + 1 for 8) as is_settled
      from wanted
      left join ${linkOf('')} on true
      where ${isAnyKnown}
    )
    select
      string_agg(case when link.record_id is null then 'u' when is_settled then 's' else 'k' end, '' order by position) as marks,
      coalesce(json_agg(${linkValues}) filter (where link.record_id is not null and not is_settled), '[]')::text as found
    from known as link`;
  const lookUp = async (sql: Sql, text: string, parameters: readonly unknown[]): Promise<string> =>
    (await sql.query<{ readonly found: string }>(text, parameters)).rows[0]?.found ?? '[]';

  // In the order of the ids: two commits that share records lock them in the same order and cannot wait for each other.
  const insert = (isWithSeen: boolean): string => {
    const seen = isWithSeen ? ', seen_on_ms' : '';
    return `
    insert into ${schema}.link as known
      (source_id, table_name, record_id, content_hash, source_modified_on_ms, parent_id, state, synced_on_ms, checked_on_ms${seen})
    select $1::text, $2::text, * from unnest(
      $3::text[], $4::uuid[], $5::bigint[], $6::text[], $7::smallint[], $8::bigint[],
      $9::bigint[]${isWithSeen ? ', $10::bigint[]' : ''}
    ) as new (record_id, content_hash, source_modified_on_ms, parent_id, state, synced_on_ms, checked_on_ms${seen})
    order by new.record_id collate "C"`;
  };
  // An unknown version (null) is not older than any: it replaces the content and leaves the known version standing, so that
  // something older than that still cannot come after it.
  const overwrite = `
    on conflict (source_id, table_name, record_id) do update set
      content_hash = excluded.content_hash,
      source_modified_on_ms = greatest(known.source_modified_on_ms, excluded.source_modified_on_ms),
      parent_id = excluded.parent_id,
      state = excluded.state,
      synced_on_ms = excluded.synced_on_ms,
      checked_on_ms = excluded.checked_on_ms
    where (excluded.source_modified_on_ms is null
      or known.source_modified_on_ms is null
      or excluded.source_modified_on_ms >= known.source_modified_on_ms)`;
  const writeTexts: LinkTable['writeTexts'] = {
    any: `${insert(false)} ${overwrite}`,
    // Compared on the row that the statement locks: of two processes that write a record at once, the second learns of it. Whoever writes
    // a link, or finds it as it should be, moves its time of checking.
    seen: `${insert(true)} ${overwrite} and known.checked_on_ms = excluded.seen_on_ms`,
    // The primary key is the guard. A first load is nothing else, and an insert that looks for no conflict takes 60 % of the time.
    new: insert(false),
  };

  const writeParameters: LinkTable['writeParameters'] = (commit) => {
    const { sourceId, table, links, guard } = commit;
    const rows = newestPerRecord(links);
    const parameters = [
      sourceId,
      table,
      textArray(rows.map(({ recordId }) => recordId)),
      textArray(rows.map(({ contentHash }) => contentHash)),
      numberArray(rows.map(({ sourceModifiedOnMs }) => sourceModifiedOnMs)),
      textArray(rows.map(({ parentId }) => parentId)),
      numberArray(rows.map(({ state }) => linkStates.indexOf(state))),
      numberArray(rows.map(({ syncedOnMs }) => syncedOnMs)),
      numberArray(rows.map(({ checkedOnMs }) => checkedOnMs)),
    ];
    if (kindOfWrite(commit) !== 'seen') return parameters;
    return [...parameters, numberArray(rows.map(({ recordId }) => guard?.links.get(recordId)?.checkedOnMs ?? null))];
  };

  const markCheckedText = `
    update ${schema}.link set checked_on_ms = $4
    where source_id = $1 and table_name = $2 and record_id = any ($3::text[])`;

  const toLinks = (found: string): ReadonlyMap<string, Link> =>
    new Map((JSON.parse(found) as readonly LinkValues[]).map((values) => [values[0], toLink(values)]));

  return {
    async find(sql, sourceId, table, recordIds) {
      return recordIds.length === 0 ? new Map() : toLinks(await lookUp(sql, findText, [sourceId, table, textArray(recordIds)]));
    },
    async findUnsettled(sql, sourceId, table, seen) {
      const settledIds = new Set<string>();
      if (seen.length === 0) return { settledIds, links: new Map() };
      const { rows } = await sql.query<{ readonly marks: string | null; readonly found: string }>(unsettledText, [
        sourceId,
        table,
        textArray(seen.map(({ recordId }) => recordId)),
        seen.map(({ contentHash }) => contentHash ?? noHash).join(''),
        hexOfNumbers(seen.map(({ modifiedOnMs }) => modifiedOnMs ?? noVersion)),
      ]);
      const { marks = null, found = '[]' } = rows[0] ?? {};
      if (marks !== null) for (const [index, { recordId }] of seen.entries()) if (marks[index] === 's') settledIds.add(recordId);
      return { settledIds, links: toLinks(found) };
    },
    async findLinkedIds(sql, sourceId, table, recordIds) {
      if (recordIds.length === 0) return new Set();
      return new Set(JSON.parse(await lookUp(sql, findLinkedIdsText, [sourceId, table, textArray(recordIds)])) as readonly string[]);
    },
    writeTexts,
    writeParameters,
    async upsert(sql, commit) {
      const { links } = commit;
      if (links.length === 0) return true;
      const kind = kindOfWrite(commit);
      try {
        const { rowCount } = await sql.query(writeTexts[kind], writeParameters(commit));
        return kind !== 'seen' || rowCount === newestPerRecord(links).length;
      } catch (error) {
        if (kind === 'new' && isAlreadyThere(error)) return false;
        throw error;
      }
    },
    async forget(sql, sourceId, table, recordIds) {
      const text = `delete from ${schema}.link where source_id = $1 and table_name = $2 and record_id = any ($3::text[])`;
      await sql.query(text, [sourceId, table, textArray(recordIds)]);
    },
    async markChecked(sql, sourceId, table, recordIds, checkedOnMs) {
      if (recordIds.length > 0) await sql.query(markCheckedText, [sourceId, table, textArray(recordIds), checkedOnMs]);
    },
  };
};
