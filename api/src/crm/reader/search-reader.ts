import { AppError } from '../../errors/app-error.ts';
import { compileListPath } from '../expression/compile.ts';
import { TemplateRefusal } from '../expression/filters.ts';
import { isList, isObject } from '../expression/json.ts';
import type { TemplateScope } from '../expression/template-variables.ts';
import type { SearchBody } from '../manifest/schema/table.ts';
import type { JsonValue, SearchTerm, SourceRecord, TableName } from '../types.ts';
import type { ConnectionParts } from './connection-parts.ts';
import type { ListDefaults } from './list-reader.ts';
import type { ParentLookup } from './parent-lookup.ts';
import type { GetMany } from './read-by-id.ts';
import type { RecordReader } from './record-reader.ts';
import { compileRequest, showRequest } from './request-builder.ts';
import { compileRecords, showRecords } from './select-records.ts';

/** More than a person looks through. */
const mostRecords = 10;
const noStatuses: ReadonlySet<number> = new Set();

/** Case, accents and what stands between the words do not count. */
const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}@.+]+/gu, ' ');

const textsOf = (value: JsonValue | undefined): readonly string[] => {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)];
  if (isList(value)) return value.flatMap(textsOf);
  return isObject(value) ? Object.values(value).flatMap(textsOf) : [];
};

/** So many digits at the end tell one number from others, however the country and the area are written before them. */
const tellingDigits = 7;
const digitsOf = (text: string): string => text.replaceAll(/\D/g, '');

/**
 * Whether a record holds what was searched for. A CRM that ignores a condition which it does not understand gives its first records: these
 * must never be offered to be linked.
 */
export const holdsTerm = (fields: SourceRecord['fields'], { by, text }: SearchTerm): boolean => {
  const texts = textsOf(fields);
  switch (by) {
    case 'email':
      return texts.some((one) => one.toLowerCase().includes(text.toLowerCase()));
    case 'phone': {
      const wanted = digitsOf(text).slice(-tellingDigits);
      return wanted.length === tellingDigits && texts.some((one) => digitsOf(one).endsWith(wanted));
    }
    case 'name': {
      const all = texts.map(fold).join(' ');
      const words = fold(text).split(' ').filter(Boolean);
      return words.length > 0 && words.every((word) => all.includes(word));
    }
  }
};

/** What stands for any sign in one query language or another, and never in a name. */
const withoutWildcards = ({ by, text }: SearchTerm): string => (by === 'name' ? text.replaceAll(/[%_*?]/g, ' ').trim() : text);

export type SearchReader = (term: SearchTerm, signal: AbortSignal) => Promise<readonly SourceRecord[]>;

/** Asks the CRM for what a person would find in its search box. null: the manifest does not say how to search by this. */
export const createSearchReader = (options: {
  readonly name: TableName;
  readonly entity: string | undefined;
  readonly searches: readonly SearchBody[];
  readonly connection: ConnectionParts;
  readonly readRecords: RecordReader;
  readonly defaults: ListDefaults;
  readonly scopeOf: (signal: AbortSignal) => Promise<TemplateScope>;
  readonly lookUpParents: ParentLookup;
  readonly readId: (text: JsonValue) => string | null;
  readonly getMany: GetMany;
}): SearchReader => {
  const { name, entity, connection, readRecords, defaults } = options;
  const { sourceId: source, http } = connection;
  const compiled = options.searches.map((search) => {
    const records = search.records ?? defaults.records ?? '$';
    return {
      by: [search.by].flat(),
      what: `a search in ${name} (${showRequest(search, entity)})`,
      build: compileRequest({ request: search, ...connection }),
      select: compileRecords(records),
      where: showRecords(records),
      selectIds: search.ids === undefined ? null : compileListPath(search.ids),
    };
  });

  const searchOnce = async (
    { what, build, select, where, selectIds }: (typeof compiled)[number],
    term: string,
    scope: TemplateScope,
    signal: AbortSignal,
  ): Promise<readonly SourceRecord[]> => {
    const request = build({ ...scope, term });
    const answer = await http.send({ ...request, operation: 'search', what, missingStatuses: noStatuses, urgency: 'person' }, signal);
    if (answer.meaning !== 'ok') return [];
    if (selectIds !== null) {
      const ids = selectIds(answer.body).flatMap((id) => options.readId(id) ?? []);
      return ids.length === 0 ? [] : options.getMany([...new Set(ids)].slice(0, mostRecords), { signal, urgency: 'person' });
    }
    const values = select(answer.body, answer.format === 'xml');
    if (values === null) throw new AppError('crm.bad_answer', { source, what, problem: `it has no list at “${where}”` });
    return options.lookUpParents(readRecords(values.slice(0, mostRecords)).records, scope, { signal, urgency: 'person' });
  };

  return async (term, signal) => {
    const text = withoutWildcards(term);
    const wanted = compiled.filter(({ by }) => by.includes(term.by));
    if (text === '' || wanted.length === 0) return [];
    const scope = await options.scopeOf(signal);
    const answers = await Promise.all(
      wanted.map((search) =>
        searchOnce(search, text, scope, signal).catch((error: unknown) => {
          // The text cannot stand in this CRM’s query, so no record of it can hold the text either, as far as it can tell.
          if (error instanceof TemplateRefusal) return [];
          throw error;
        }),
      ),
    );
    const found = new Map<string, SourceRecord>();
    for (const record of answers.flat()) {
      if (record.isDeleted || record.isSkipped || found.size >= mostRecords) continue;
      if (holdsTerm(record.fields, { ...term, text })) found.set(record.id, record);
    }
    return [...found.values()];
  };
};
