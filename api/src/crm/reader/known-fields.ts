import { AppError } from '../../errors/app-error.ts';
import { compilePath } from '../expression/compile.ts';
import { isList } from '../expression/json.ts';
import type { ReadyTable } from '../manifest/schema/table.ts';
import type { JsonValue, TableName } from '../types.ts';
import type { ConnectionParts } from './connection-parts.ts';
import { fieldsAsked, neededFields } from './fields-used.ts';
import { compileRequest } from './request-builder.ts';

/** How long an answer counts: who gives us the right to one more field need not start us anew. */
const believedForMs = 15 * 60_000;
const noStatuses: ReadonlySet<number> = new Set();

export interface TableFields {
  /** What `{{fields}}` is now. */
  readonly ask: (signal: AbortSignal) => Promise<readonly string[]>;
  /** Those of the manifest that the CRM does not have, or does not show us; their columns are left alone. */
  readonly hidden: (signal: AbortSignal) => Promise<readonly string[]>;
}

const textsAt = (value: JsonValue | undefined): readonly string[] =>
  (isList(value) ? value : []).filter((element): element is string => typeof element === 'string' && element !== '');

/** The fields of a table: all that its manifest uses, or those of them that the CRM says it has. */
export const createTableFields = (options: {
  readonly name: TableName;
  readonly table: ReadyTable;
  readonly connection: ConnectionParts;
}): TableFields => {
  const { name, table, connection } = options;
  const used = fieldsAsked(table);
  const known = table.fields?.known;
  if (known === undefined) return { ask: async () => used, hidden: async () => [] };

  const { http, sourceId: source, nowMs } = connection;
  const what = `the fields of ${name} (${known.method ?? 'GET'} ${known.path})`;
  const build = compileRequest({ request: known, ...connection });
  const select = [known.names].flat().map(compilePath);
  // Without these nothing can be read; that they are missing is for the CRM to say.
  const needed = new Set(neededFields(table));
  let kept: { readonly names: ReadonlySet<string>; readonly untilMs: number } | null = null;
  let underWay: Promise<ReadonlySet<string>> | null = null;

  const fetchNames = async (): Promise<ReadonlySet<string>> => {
    const request = build(table.entity === undefined ? {} : { entity: table.entity });
    // For all who wait for it, so none of them can take it back.
    const { signal } = new AbortController();
    const answer = await http.send({ ...request, operation: 'discover', what, missingStatuses: noStatuses, isUrgent: true }, signal);
    const names = new Set(select.flatMap((read) => textsAt(read(answer.body))));
    if (answer.meaning !== 'ok' || names.size === 0)
      throw new AppError('crm.bad_answer', { source, what, problem: `there are no names at “${[known.names].flat().join('” and “')}”` });
    kept = { names, untilMs: nowMs() + believedForMs };
    return names;
  };

  const isKnown = async (signal: AbortSignal): Promise<(field: string) => boolean> => {
    const names =
      kept !== null && nowMs() < kept.untilMs
        ? kept.names
        : await (underWay ??= fetchNames().finally(() => {
            underWay = null;
          }));
    signal.throwIfAborted();
    return (field) => needed.has(field) || names.has(field.split('.', 1)[0] ?? field);
  };

  return {
    ask: async (signal) => used.filter(await isKnown(signal)),
    hidden: async (signal) => {
      const isThere = await isKnown(signal);
      const { always = [] } = table.fields ?? {};
      return used.filter((field) => !isThere(field) && !always.includes(field));
    },
  };
};
