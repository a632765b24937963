import { type Call, type Caller, type Refusal, type Reply } from '../http/caller.ts';
import { urlLiteral } from '../key-address.ts';
import { logicalNameOf, ourChoice, ourColumnDefinitions, ourKey } from '../our-definition.ts';
import { readJsonRecord } from '../read/json-reply.ts';
import { choiceBody, columnBody, keyBody, optionBody, publishBody } from './metadata-bodies.ts';
import { requestTable } from '../request-table.ts';
import { requestColumnBody, requestTableBody } from './request-table-bodies.ts';
import { type FoundSchema, type SetupFinding, type SetupRemedy } from './types.ts';

type Body = Readonly<Record<string, unknown>>;

const definitionOf = (table: string): string => `EntityDefinitions(LogicalName=${urlLiteral(table)})`;

const columnNamed = (name: string) => {
  const definition = ourColumnDefinitions.find((column) => logicalNameOf(column) === name);
  if (definition === undefined) throw new RangeError(`${name} is no column of ours`);
  return definition;
};

const tableOf = ({ table, name }: SetupFinding): string => {
  if (table === null) throw new RangeError(`${name} belongs to no table`);
  return table;
};

/** Carries out one finding's remedy over the Web API. Null when it was done, else why not. */
export class SchemaEditor {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  async mend(finding: SetupFinding, schema: FoundSchema, languageCode: number, signal: AbortSignal): Promise<Refusal | null> {
    switch (finding.remedy) {
      case 'create':
        return this.#create(finding, languageCode, signal);
      case 'lengthen':
        return this.#lengthen(tableOf(finding), finding.name, signal);
      case 'addOption':
        return this.#addOptions(finding, schema, languageCode, signal);
      case 'reactivate': {
        const body = { EntityLogicalName: tableOf(finding), EntityKeyLogicalName: finding.name };
        return this.#send('POST', 'ReactivateEntityKey', body, signal);
      }
      default:
        throw new RangeError(`${finding.remedy} is not ours to do`);
    }
  }

  /** What was changed is not seen by apps before it is published. */
  async publish(tables: readonly string[], choices: readonly string[], signal: AbortSignal): Promise<Refusal | null> {
    return this.#send('POST', 'PublishXml', publishBody(tables, choices), signal);
  }

  #create(finding: SetupFinding, languageCode: number, signal: AbortSignal): Promise<Refusal | null> {
    switch (finding.component) {
      case 'table':
        return this.#send('POST', 'EntityDefinitions', requestTableBody(languageCode), signal);
      case 'choice':
        return this.#send('POST', 'GlobalOptionSetDefinitions', choiceBody(languageCode), signal);
      case 'column': {
        const path = `${definitionOf(tableOf(finding))}/Attributes`;
        const body =
          finding.table === requestTable.logicalName
            ? requestColumnBody(finding.name, languageCode)
            : columnBody(columnNamed(finding.name), languageCode);
        return this.#send('POST', path, body, signal);
      }
      case 'key':
        return this.#send('POST', `${definitionOf(tableOf(finding))}/Keys`, keyBody(ourKey, languageCode), signal);
    }
  }

  /** A definition is replaced whole, so what is there goes back with the one thing changed. */
  async #lengthen(table: string, name: string, signal: AbortSignal): Promise<Refusal | null> {
    const wanted = columnNamed(name);
    if (!('maxLength' in wanted)) throw new RangeError(`${name} has no length`);
    const path = `${definitionOf(table)}/Attributes(LogicalName=${urlLiteral(name)})`;
    const type = 'Microsoft.Dynamics.CRM.StringAttributeMetadata';
    const reply = await this.#call({ method: 'GET', path: `${path}/${type}`, headers: { Consistency: 'Strong' } }, signal);
    if (reply.isRefused) return reply;
    const { '@odata.context': _context, ...current } = readJsonRecord(reply.body.toString('utf8'), `reading the column ${name}`);
    // Without the merge, labels in other languages would be lost.
    const headers = { 'MSCRM.MergeLabels': 'true' };
    return this.#send('PUT', path, { ...current, '@odata.type': type, MaxLength: wanted.maxLength }, signal, headers);
  }

  async #addOptions(finding: SetupFinding, schema: FoundSchema, languageCode: number, signal: AbortSignal): Promise<Refusal | null> {
    const { table, name } = finding;
    const isGlobal = table === null;
    const of = isGlobal ? { OptionSetName: name } : { EntityLogicalName: table, AttributeLogicalName: name };
    const column = schema.tables.find((found) => found.table === table)?.columns.find(({ logicalName }) => logicalName === name);
    const present = isGlobal ? schema.choice?.values : column?.choice?.values;
    const missing = ourChoice.options.filter(({ value }) => present?.includes(value) !== true);
    for (const { value } of missing) {
      const refusal = await this.#send('POST', 'InsertOptionValue', optionBody(value, of, languageCode), signal);
      if (refusal !== null) return refusal;
    }
    return null;
  }

  async #send(
    method: 'POST' | 'PUT',
    path: string,
    body: Body,
    signal: AbortSignal,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Refusal | null> {
    const reply = await this.#call({ method, path, headers, body: () => JSON.stringify(body) }, signal);
    return reply.isRefused ? reply : null;
  }

  /** A change of a table takes Dataverse seconds, at times a minute; nobody waits in front of a form for it. */
  #call(call: Omit<Call, 'lane'>, signal: AbortSignal): Promise<Reply | Refusal> {
    return this.#caller.call({ ...call, lane: 'interactive', patience: 'bulk' }, signal);
  }
}

const verbs: Readonly<Partial<Record<SetupRemedy, string>>> = {
  create: 'creating',
  lengthen: 'lengthening',
  addOption: 'adding options to',
  reactivate: 'building',
};

/** Words for an error: what was tried. */
export const describeChange = ({ component, table, name, remedy }: SetupFinding): string =>
  `${verbs[remedy] ?? remedy} the ${component} ${name}${table === null ? '' : ` of ${table}`}`;
