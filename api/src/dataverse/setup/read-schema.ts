import { type Call, type Caller, type Refusal, type Reply } from '../http/caller.ts';
import { urlLiteral } from '../key-address.ts';
import { logicalNameOf, ourChoice, ourColumnDefinitions, ourTables } from '../our-definition.ts';
import { requestTable } from '../request-table.ts';
import { type JsonRecord, isRecord, readJsonRecord, readJsonRows } from '../read/json-reply.ts';
import { setupProblem } from './setup-problem.ts';
import { type FoundColumn, type FoundKey, type FoundSchema, type FoundTable } from './types.ts';

const english = 1033;
const ourNames = new Set(ourColumnDefinitions.map(logicalNameOf));

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const valuesOf = (choice: unknown): readonly number[] => {
  const options = isRecord(choice) && Array.isArray(choice.Options) ? choice.Options.filter(isRecord) : [];
  return options.map(({ Value: value }) => value).filter((value) => typeof value === 'number');
};

const toKey = (key: JsonRecord): FoundKey => ({
  logicalName: textOf(key.LogicalName),
  columns: Array.isArray(key.KeyAttributes) ? key.KeyAttributes.map(textOf) : [],
  indexStatus: textOf(key.EntityKeyIndexStatus),
});

const toChoice = (attribute: JsonRecord | undefined): FoundColumn['choice'] => {
  if (attribute === undefined) return null;
  const { OptionSet: choice } = attribute;
  return isRecord(choice) ? { name: textOf(choice.Name), isGlobal: choice.IsGlobal === true, values: valuesOf(choice) } : null;
};

export interface SchemaAnswer {
  readonly schema: FoundSchema;
  /** LCID of the environment's own language, in which labels must be given. */
  readonly languageCode: number;
}

/**
 * Reads what of ours the environment has, as it is at this moment: metadata is cached at Dataverse, and right after a change only
 * `Consistency: Strong` tells the truth.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors
 */
export class SchemaReader {
  readonly #caller: Caller;
  readonly #wantsRequests: boolean;

  constructor(caller: Caller, { wantsRequests }: { readonly wantsRequests: boolean }) {
    this.#caller = caller;
    this.#wantsRequests = wantsRequests;
  }

  async read(signal: AbortSignal): Promise<SchemaAnswer> {
    const tables = await Promise.all(ourTables.map((name) => this.#readTable(logicalNameOf({ schemaName: name }), signal)));
    const [choice, languageCode] = await Promise.all([this.#readChoice(signal), this.#readLanguage(signal)]);
    const requests = this.#wantsRequests ? { requestColumns: await this.#readRequestColumns(signal) } : {};
    return { schema: { tables, choice, ...requests }, languageCode };
  }

  async #readRequestColumns(signal: AbortSignal): Promise<readonly string[] | null> {
    const path = `EntityDefinitions(LogicalName=${urlLiteral(requestTable.logicalName)})/Attributes?$select=LogicalName`;
    const reply = await this.#ask(path, signal);
    if (reply.isRefused && reply.error.status === 404) return null;
    return readJsonRows(this.#bodyOf(reply), 'reading the table of requests').map(({ LogicalName: name }) => textOf(name));
  }

  async #readTable(table: string, signal: AbortSignal): Promise<FoundTable> {
    const definition = `EntityDefinitions(LogicalName=${urlLiteral(table)})`;
    const attributes = `${definition}/Attributes`;
    const cast = `${attributes}/Microsoft.Dynamics.CRM`;
    const what = `reading the definition of ${table}`;
    const keysQuery = '$select=LogicalName&$expand=Keys($select=LogicalName,KeyAttributes,EntityKeyIndexStatus)';
    const [entity, columns, texts, choices] = await Promise.all([
      this.#get(`${definition}?${keysQuery}`, signal).then((body) => readJsonRecord(body, what)),
      this.#get(`${attributes}?$select=LogicalName,AttributeType,IsManaged`, signal).then((body) => readJsonRows(body, what)),
      this.#get(`${cast}.StringAttributeMetadata?$select=LogicalName,MaxLength`, signal).then((body) => readJsonRows(body, what)),
      this.#get(`${cast}.PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet`, signal).then((body) => readJsonRows(body, what)),
    ]);
    const byName = (rows: readonly JsonRecord[], name: string): JsonRecord | undefined =>
      rows.find(({ LogicalName: logicalName }) => logicalName === name);
    return {
      table,
      keys: (Array.isArray(entity.Keys) ? entity.Keys.filter(isRecord) : []).map(toKey),
      columns: columns
        .filter(({ LogicalName: name }) => ourNames.has(textOf(name)))
        .map((column) => {
          const logicalName = textOf(column.LogicalName);
          const maxLength = byName(texts, logicalName)?.MaxLength;
          return {
            logicalName,
            type: textOf(column.AttributeType),
            maxLength: typeof maxLength === 'number' ? maxLength : null,
            isManaged: column.IsManaged === true,
            choice: toChoice(byName(choices, logicalName)),
          };
        }),
    };
  }

  async #readChoice(signal: AbortSignal): Promise<FoundSchema['choice']> {
    const reply = await this.#ask(`GlobalOptionSetDefinitions(Name=${urlLiteral(ourChoice.name)})`, signal);
    if (reply.isRefused && reply.error.status === 404) return null;
    const choice = readJsonRecord(this.#bodyOf(reply), 'reading a choice');
    return { values: valuesOf(choice), isManaged: choice.IsManaged === true };
  }

  async #readLanguage(signal: AbortSignal): Promise<number> {
    const reply = await this.#ask('organizations?$select=languagecode', signal);
    if (reply.isRefused) return english;
    const [organization] = readJsonRows(reply.body.toString('utf8'), 'reading the environment’s language');
    return typeof organization?.languagecode === 'number' ? organization.languagecode : english;
  }

  async #get(path: string, signal: AbortSignal): Promise<string> {
    return this.#bodyOf(await this.#ask(path, signal));
  }

  #bodyOf(reply: Reply | Refusal): string {
    if (reply.isRefused) throw setupProblem('reading the definitions of tables', reply);
    return reply.body.toString('utf8');
  }

  #ask(path: string, signal: AbortSignal): Promise<Reply | Refusal> {
    const call: Call = { method: 'GET', path, headers: { Consistency: 'Strong' }, lane: 'interactive', patience: 'bulk' };
    return this.#caller.call(call, signal);
  }
}
