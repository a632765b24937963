import type { CandidateBody, CandidatesBody, UnsearchedSourceBody } from '../contract/records.ts';
import type { SearchTerm, SourceRecord, TableName } from '../crm/types.ts';
import type { Dataverse, DataverseRow, TableDescription } from '../dataverse/types.ts';
import { AppError, isAppError } from '../errors/app-error.ts';
import { maskEmail } from './mask-email.ts';
import { type SyncDependencies, openTableSync } from './open-table-sync.ts';
import { toSourceKey } from './source-key.ts';
import type { Source } from './types.ts';

/** Whoever is on the phone does not wait longer for one of several CRMs. */
const patienceMs = 15_000;
const mostPerSource = 10;

interface Found {
  readonly source: Source;
  readonly record: SourceRecord;
  readonly row: DataverseRow;
}

export interface FindCandidatesOptions {
  readonly table: TableName;
  readonly terms: readonly SearchTerm[];
  readonly asUser?: string;
  readonly signal: AbortSignal;
}

export const canBeSearched = (source: Source, table: TableName): boolean =>
  source.connector.tables.includes(table) && source.connector.table(table).search !== undefined;

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined);

const nameOf = (table: TableName, row: DataverseRow): string | undefined =>
  table === 'account'
    ? textOf(row.name)
    : textOf([row.firstname, row.middlename, row.lastname].flatMap((part) => textOf(part) ?? []).join(' '));

/** By e-mail and phone at once; by name only where these find nobody, as many people share one. */
const searchSource = async (
  source: Source,
  { table, terms, signal }: FindCandidatesOptions,
  dependencies: SyncDependencies,
): Promise<readonly Found[]> => {
  const { search } = source.connector.table(table);
  if (search === undefined) return [];
  const sync = await openTableSync(source, table, dependencies, signal, 'person');
  const searchBy = async (isWanted: (term: SearchTerm) => boolean): Promise<readonly SourceRecord[]> =>
    (await Promise.all(terms.filter(isWanted).map((term) => search(term, signal)))).flat();
  const exact = await searchBy(({ by }) => by !== 'name');
  const records = exact.length > 0 ? exact : await searchBy(({ by }) => by === 'name');
  const byId = new Map(records.map((record) => [record.id, record]));
  return [...byId.values()].flatMap((record) => {
    const mapped = sync.map(record);
    // What cannot become a row cannot be linked either.
    if (mapped.kind !== 'row') return [];
    return [{ source, record, row: JSON.parse(`{${mapped.columnsJson}}`) as DataverseRow }];
  });
};

const unsearched = (source: Source, error: AppError): UnsearchedSourceBody => ({
  sourceId: source.id,
  sourceName: source.name,
  code: error.code,
  title: error.message,
  help: error.help,
});

/** What others know of the candidates, as the agent may see it. */
const readAsAgent = async (
  dataverse: Dataverse,
  description: TableDescription,
  keys: readonly string[],
  { select, asUser, signal }: { readonly select: readonly string[] } & Pick<FindCandidatesOptions, 'asUser' | 'signal'>,
): Promise<ReadonlyMap<string, DataverseRow>> => {
  if (keys.length === 0) return new Map();
  try {
    return await dataverse.readRowsByKey(description, keys, { select, signal, ...(asUser === undefined ? {} : { asUser }) });
  } catch (error) {
    if (isAppError(error, 'dataverse.forbidden')) return new Map();
    throw error;
  }
};

const keysOf = (keys: readonly (string | null)[]): readonly string[] => [...new Set(keys.filter((key) => key !== null))];

/**
 * Asks every source that can be searched, all at once. One that fails is named, and the others are shown. Nothing of what is found is
 * stored or logged.
 */
export const findCandidates = async (
  sources: readonly Source[],
  options: FindCandidatesOptions,
  dependencies: SyncDependencies,
): Promise<CandidatesBody> => {
  const { table, asUser, signal } = options;
  const { dataverse } = dependencies;
  const searchable = sources.filter((source) => canBeSearched(source, table));
  if (searchable.length === 0) throw new AppError('record.not_searchable', { table });

  const searches = await Promise.all(
    searchable.map(async (source): Promise<readonly Found[] | UnsearchedSourceBody> => {
      const timeout = AbortSignal.timeout(patienceMs);
      try {
        return await searchSource(source, { ...options, signal: AbortSignal.any([signal, timeout]) }, dependencies);
      } catch (error) {
        signal.throwIfAborted();
        if (timeout.aborted) return unsearched(source, new AppError('crm.search_slow', { source: source.id, seconds: patienceMs / 1000 }));
        if (isAppError(error)) return unsearched(source, error);
        throw error;
      }
    }),
  );
  const found = searches.flatMap((result) => ('code' in result ? [] : result.slice(0, mostPerSource)));

  const own = keysOf(found.map(({ source, record }) => toSourceKey(source.id, record.id)));
  const parentKey = ({ source, record }: Found): string | null =>
    typeof record.parentId === 'string' ? toSourceKey(source.id, record.parentId) : null;
  const [description, accounts] = await Promise.all([dataverse.describeTable(table, signal), dataverse.describeTable('account', signal)]);
  const [linked, parents] = await Promise.all([
    readAsAgent(dataverse, description, own, { select: [description.primaryIdColumn], asUser, signal }),
    readAsAgent(dataverse, accounts, keysOf(found.map(parentKey)), { select: ['name'], asUser, signal }),
  ]);

  const toCandidate = (one: Found): CandidateBody => {
    const { source, record, row } = one;
    const email = textOf(row.emailaddress1);
    const linkedRow = linked.get(toSourceKey(source.id, record.id) ?? '');
    return {
      sourceId: source.id,
      sourceName: source.name,
      recordId: record.id,
      name: nameOf(table, row) ?? record.id,
      company: table === 'contact' ? textOf(parents.get(parentKey(one) ?? '')?.name) : undefined,
      city: textOf(row.address1_city),
      email: email === undefined ? undefined : maskEmail(email),
      url: record.url ?? undefined,
      linkedRowId: textOf(linkedRow?.[description.primaryIdColumn]),
    };
  };
  return { candidates: found.map(toCandidate), unsearched: searches.flatMap((result) => ('code' in result ? [result] : [])) };
};
