import { AppError } from '../errors/app-error.ts';
import { foldLabel } from './fit/fold-label.ts';
import type { FoundLookups, Lookup } from './lookups.ts';
import type { MappedRow, TableSync } from './types.ts';

/** Says for a row what its lookups come to. Throws `mapping.lookup_missing` where the mapping refuses the record. */
export type LookupFinder = (row: MappedRow) => FoundLookups;

const noLookups: FoundLookups = { json: '', guids: new Map(), missing: [] };

/** GUIDs of the rows with one of the values, by the folded value. Two rows with the same value are as good as none. */
const findRows = async (sync: TableSync, lookup: Lookup, values: ReadonlyMap<string, string>, signal: AbortSignal) => {
  const { target, by } = lookup;
  const rows = await sync.dataverse.readRowsByColumn(target, by, [...values.values()], { select: [target.primaryIdColumn, by], signal });
  const found = new Map<string, string[]>();
  for (const row of rows) {
    const { [target.primaryIdColumn]: id, [by]: value } = row;
    if (typeof id !== 'string' || typeof value !== 'string') continue;
    const folded = foldLabel(value);
    const others = found.get(folded);
    if (others === undefined) found.set(folded, [id]);
    else others.push(id);
  }
  return found;
};

type RowsByLookup = ReadonlyMap<Lookup, ReadonlyMap<string, readonly string[]>>;

/** What this sync has seen, and for the rest one query per lookup. */
const findAll = async (sync: TableSync, rows: readonly MappedRow[], signal: AbortSignal): Promise<RowsByLookup> => {
  const all = new Map<Lookup, Map<string, readonly string[]>>();
  const unseen = new Map<Lookup, Map<string, string>>();
  for (const { lookups } of rows) {
    for (const { lookup, value } of lookups) {
      if (value === null) continue;
      const folded = foldLabel(value);
      const known = lookup.known.addressOf(folded);
      if (known === undefined) getOrInsert(unseen, lookup).set(folded, value);
      else getOrInsert(all, lookup).set(folded, [known]);
    }
  }
  await Promise.all(
    [...unseen].map(async ([lookup, values]) => {
      for (const [folded, ids] of await findRows(sync, lookup, values, signal)) {
        getOrInsert(all, lookup).set(folded, ids);
        const [id] = ids;
        if (id !== undefined && ids.length === 1) lookup.known.learn(folded, id);
      }
    }),
  );
  return all;
};

const getOrInsert = <Value>(maps: Map<Lookup, Map<string, Value>>, lookup: Lookup): Map<string, Value> => {
  const known = maps.get(lookup);
  if (known !== undefined) return known;
  const made = new Map<string, Value>();
  maps.set(lookup, made);
  return made;
};

const missingError = ({ column, target, by }: Lookup, rowCount: number): AppError =>
  new AppError('mapping.lookup_missing', {
    column: column.logicalName,
    table: target.logicalName,
    by,
    count: rowCount === 0 ? 'none' : `${rowCount} rows`,
  });

/**
 * Looks up the rows that a page's lookups point to, before the write: a bind to a row that is not there fails a whole batch. They are
 * bound by GUID, so no character of a CRM's value ever stands in an address.
 */
export const findLookupRows = async (sync: TableSync, rows: readonly MappedRow[], signal: AbortSignal): Promise<LookupFinder> => {
  const all = await findAll(sync, rows, signal);

  return ({ lookups }) => {
    if (lookups.length === 0) return noLookups;
    let json = '';
    const guids = new Map<Lookup, string | null>();
    const missing: string[] = [];
    for (const { lookup, value } of lookups) {
      const ids = value === null ? [] : (all.get(lookup)?.get(foldLabel(value)) ?? []);
      const isMissing = value !== null && ids.length !== 1;
      if (isMissing && lookup.whenMissing === 'reject') throw missingError(lookup, ids.length);
      if (isMissing) missing.push(lookup.column.logicalName);
      if (isMissing && lookup.whenMissing === 'skip') continue;
      const guid = isMissing ? null : (ids[0] ?? null);
      guids.set(lookup, guid);
      json += guid === null ? `,"${lookup.bind}":null` : `,"${lookup.bind}":"/${lookup.target.entitySetName}(${guid})"`;
    }
    return { json, guids, missing };
  };
};
