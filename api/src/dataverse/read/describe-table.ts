import { AppError } from '../../errors/app-error.ts';
import { type Caller } from '../http/caller.ts';
import { urlLiteral } from '../key-address.ts';
import { keyColumn, ourColumns } from '../our-columns.ts';
import { toAppError } from '../refusal.ts';
import { type ColumnDescription, type TableDescription } from '../types.ts';
import { type JsonRecord, isRecord, readJsonRecord, readJsonRows } from './json-reply.ts';

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A Label's text in the language of the application user; null-safe, as many columns have none. */
const labelOf = (label: unknown): string => {
  const localized = isRecord(label) ? label.UserLocalizedLabel : undefined;
  return isRecord(localized) ? textOf(localized.Label) : '';
};

const toColumn = (attribute: JsonRecord, maxLengths: ReadonlyMap<string, number>): ColumnDescription => {
  const logicalName = textOf(attribute.LogicalName);
  return {
    logicalName,
    type: textOf(attribute.AttributeType),
    maxLength: maxLengths.get(logicalName) ?? null,
    displayName: labelOf(attribute.DisplayName) || logicalName,
    isValidForCreate: attribute.IsValidForCreate === true,
    isValidForUpdate: attribute.IsValidForUpdate === true,
  };
};

/** What the table lacks of our solution, in words; empty when nothing. */
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

/**
 * Asks the environment what a table is like: columns with their lengths, our key and its state, and whether it takes bulk messages.
 * Lengths stand only on the derived types, hence a request for each. Throws `dataverse.solution_missing`.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query-metadata-web-api
 */
export class TableDescriber {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  async describe(table: string, signal: AbortSignal): Promise<TableDescription> {
    const definition = `EntityDefinitions(LogicalName=${urlLiteral(table)})`;
    const [entity, attributes, texts, memos, canCreateMultiple, canUpdateMultiple] = await Promise.all([
      this.#readDefinition(table, definition, signal),
      this.#readRows(
        `${definition}/Attributes?$select=LogicalName,AttributeType,DisplayName,IsValidForCreate,IsValidForUpdate`,
        table,
        signal,
      ),
      this.#readRows(
        `${definition}/Attributes/Microsoft.Dynamics.CRM.StringAttributeMetadata?$select=LogicalName,MaxLength`,
        table,
        signal,
      ),
      this.#readRows(`${definition}/Attributes/Microsoft.Dynamics.CRM.MemoAttributeMetadata?$select=LogicalName,MaxLength`, table, signal),
      this.#offers('CreateMultiple', table, signal),
      this.#offers('UpdateMultiple', table, signal),
    ]);
    const maxLengths = new Map<string, number>();
    for (const { LogicalName: name, MaxLength: length } of [...texts, ...memos]) {
      if (typeof name === 'string' && typeof length === 'number') maxLengths.set(name, length);
    }
    const columns = new Map(attributes.map((attribute) => [textOf(attribute.LogicalName), toColumn(attribute, maxLengths)]));
    const keys = Array.isArray(entity.Keys) ? entity.Keys.filter(isRecord) : [];
    const lacks = findLacks(columns, keys);
    if (lacks !== '') throw new AppError('dataverse.solution_missing', { table, what: lacks });
    return {
      logicalName: textOf(entity.LogicalName),
      entitySetName: textOf(entity.EntitySetName),
      primaryIdColumn: textOf(entity.PrimaryIdAttribute),
      columns,
      // There is no entry for UpsertMultiple itself: a table has it when it has both others (bulk-operations).
      supportsUpsertMultiple: canCreateMultiple && canUpdateMultiple,
    };
  }

  async #readDefinition(table: string, definition: string, signal: AbortSignal): Promise<JsonRecord> {
    const query = '$select=LogicalName,EntitySetName,PrimaryIdAttribute&$expand=Keys($select=KeyAttributes,EntityKeyIndexStatus)';
    return readJsonRecord(await this.#get(`${definition}?${query}`, table, signal), `describing ${table}`);
  }

  async #readRows(path: string, table: string, signal: AbortSignal): Promise<readonly JsonRecord[]> {
    return readJsonRows(await this.#get(path, table, signal), `describing ${table}`);
  }

  async #offers(message: string, table: string, signal: AbortSignal): Promise<boolean> {
    const filter = `sdkmessageid/name eq '${message}' and primaryobjecttypecode eq ${urlLiteral(table)}`;
    const path = `sdkmessagefilters?$select=sdkmessagefilterid&$filter=${filter.replaceAll(' ', '%20')}`;
    return (await this.#readRows(path, table, signal)).length > 0;
  }

  async #get(path: string, table: string, signal: AbortSignal): Promise<string> {
    const reply = await this.#caller.call({ method: 'GET', path, lane: 'interactive' }, signal);
    if (!reply.isRefused) return reply.body.toString('utf8');
    if (reply.error.status === 404)
      throw new AppError('dataverse.solution_missing', { table, what: 'its definition: there is no such table' });
    throw toAppError(reply);
  }
}
