import { AppError } from '../../errors/app-error.ts';
import type { BatchSender, PartReply } from '../http/batch-sender.ts';
import { apiPath } from '../http/caller.ts';
import { urlLiteral } from '../key-address.ts';
import { keyColumn, ourColumns } from '../our-columns.ts';
import { toAppError } from '../refusal.ts';
import type { ColumnDescription, TableDescription } from '../types.ts';
import { columnQueries, mergeColumns, relationshipQuery, textOf, toColumn } from './column-metadata.ts';
import type { Question } from './fresh-cache.ts';
import { type JsonRecord, isRecord, readJsonRecord, readJsonRows } from './json-reply.ts';

export interface DescribedTable {
  readonly description: TableDescription;
  /** What the table lacks of our solution, in words; empty when nothing. */
  readonly lacks: string;
}

const findLacks = (columns: ReadonlyMap<string, ColumnDescription>, keys: readonly JsonRecord[]): string => {
  const missingColumns = ourColumns.filter((name) => !columns.has(name));
  const lacks = missingColumns.length === 0 ? [] : [`the columns ${missingColumns.join(', ')}`];
  const key = keys.find(({ KeyAttributes: names }) => Array.isArray(names) && names.length === 1 && names[0] === keyColumn);
  if (key === undefined) lacks.push(`the alternate key ${keyColumn}`);
  else if (key.EntityKeyIndexStatus !== 'Active') {
    lacks.push(`an active alternate key ${keyColumn} (its index is ${textOf(key.EntityKeyIndexStatus) || 'in an unknown state'})`);
  }
  return lacks.join(' and ');
};

/** There is no entry for UpsertMultiple itself: a table has it when it has both of these (bulk-operations). */
const bulkMessages = ['CreateMultiple', 'UpdateMultiple'];

const pathsFor = (table: string): readonly string[] => {
  const definition = `EntityDefinitions(LogicalName=${urlLiteral(table)})`;
  const properties = '$select=LogicalName,EntitySetName,PrimaryIdAttribute';
  const offers = bulkMessages.map((message) => {
    const filter = `sdkmessageid/name eq '${message}' and primaryobjecttypecode eq ${urlLiteral(table)}`;
    return `sdkmessagefilters?$select=sdkmessagefilterid&$filter=${filter.replaceAll(' ', '%20')}`;
  });
  return [
    `${definition}?${properties}&$expand=Keys($select=KeyAttributes,EntityKeyIndexStatus),${relationshipQuery}`,
    ...offers,
    ...columnQueries.map((query) => `${definition}/Attributes${query}`),
  ];
};

const recordsIn = (value: unknown): readonly JsonRecord[] => (Array.isArray(value) ? value.filter(isRecord) : []);

const bodyOf = (reply: PartReply): string => {
  if (reply.isRefused) throw toAppError(reply);
  return reply.body;
};

/**
 * Asks the environment what a table is like: its columns and what each takes, our key and its state, and whether it takes bulk messages.
 * One `$batch`, as metadata spreads the answer over a dozen requests.
 */
export class TableDescriber {
  readonly #batches: BatchSender;

  constructor(batches: BatchSender) {
    this.#batches = batches;
  }

  /** null: there is no such table. */
  async describe(table: string, question: Question): Promise<DescribedTable | null> {
    const parts = pathsFor(table).map((path) => ({ method: 'GET' as const, path: `${apiPath}${path}` }));
    const [definition, ...replies] = await this.#batches.send(parts, { lane: 'interactive', ...question });
    const what = `describing ${table}`;
    if (definition === undefined) throw new RangeError('a $batch without an answer');
    if (definition.isRefused && definition.error.status === 404) return null;
    const entity = readJsonRecord(bodyOf(definition), what);
    const answers = replies.map((reply) => readJsonRows(bodyOf(reply), what));
    const offers = answers.slice(0, bulkMessages.length);
    const relationships = recordsIn(entity.ManyToOneRelationships);
    const columns = new Map(
      mergeColumns(answers.slice(bulkMessages.length)).map((attribute) => [
        textOf(attribute.LogicalName),
        toColumn(attribute, relationships),
      ]),
    );
    const description: TableDescription = {
      logicalName: textOf(entity.LogicalName),
      entitySetName: textOf(entity.EntitySetName),
      primaryIdColumn: textOf(entity.PrimaryIdAttribute),
      columns,
      supportsUpsertMultiple: offers.every((rows) => rows.length > 0),
    };
    return { description, lacks: findLacks(columns, recordsIn(entity.Keys)) };
  }
}

/** Throws `dataverse.solution_missing` when the table is not there, or not ready for our rows. */
export const requireOurColumns = (table: string, described: DescribedTable | null): TableDescription => {
  if (described === null) throw new AppError('dataverse.solution_missing', { table, what: 'its definition: there is no such table' });
  if (described.lacks !== '') throw new AppError('dataverse.solution_missing', { table, what: described.lacks });
  return described.description;
};

/** Throws `dataverse.table_unknown`. */
export const requireTable = (table: string, described: DescribedTable | null): TableDescription => {
  if (described === null) throw new AppError('dataverse.table_unknown', { table });
  return described.description;
};
