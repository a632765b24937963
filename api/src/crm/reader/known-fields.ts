import { AppError } from '../../errors/app-error.ts';
import type { ReadyTable } from '../manifest/schema/table.ts';
import type { TableName } from '../types.ts';
import type { ConnectionParts } from './connection-parts.ts';
import type { DescribeReader } from './describe-reader.ts';
import { fieldsAsked, neededFields } from './fields-used.ts';

/** How long an answer counts: who gives us the right to one more field need not start us anew. */
const believedForMs = 15 * 60_000;

export interface TableFields {
  /** What `{{fields}}` is now. */
  readonly ask: (signal: AbortSignal) => Promise<readonly string[]>;
  /** Those of the manifest that the CRM does not have, or does not show us; their columns are left alone. */
  readonly hidden: (signal: AbortSignal) => Promise<readonly string[]>;
}

/** The fields of a table: all that its manifest uses, or those of them that the CRM says it has. */
export const createTableFields = (options: {
  readonly name: TableName;
  readonly table: ReadyTable;
  readonly connection: ConnectionParts;
  readonly describe: DescribeReader | null;
}): TableFields => {
  const { name, table, connection, describe } = options;
  const used = fieldsAsked(table);
  if (table.fields?.known !== true || describe === null) return { ask: async () => used, hidden: async () => [] };

  const { sourceId: source, nowMs } = connection;
  // Without these nothing can be read; that they are missing is for the CRM to say.
  const needed = new Set(neededFields(table));
  let kept: { readonly names: ReadonlySet<string>; readonly untilMs: number } | null = null;
  let underWay: Promise<ReadonlySet<string>> | null = null;

  const fetchNames = async (): Promise<ReadonlySet<string>> => {
    // For all who wait for it, so none of them can take it back.
    const { signal } = new AbortController();
    const { fields, below } = await describe(table.entity === undefined ? {} : { entity: table.entity }, signal);
    const prefixLength = below.map((step) => `${step}.`).join('').length;
    const names = new Set(fields.map((field) => field.name.slice(prefixLength)));
    if (names.size === 0) throw new AppError('crm.bad_answer', { source, what: `the fields of ${name}`, problem: '“describe” names none' });
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
