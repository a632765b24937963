import { stringify } from 'yaml';
import type { ConnectionBody } from '../../../crm/manifest/schema/connection.ts';
import { manifestVersion } from '../../../crm/manifest/schema/manifest.ts';
import type { PlannedTable } from './plan-table.ts';

export interface ManifestPlan {
  readonly id: string;
  readonly name: string;
  readonly connection: ConnectionBody;
  readonly auth: unknown;
  readonly tables: readonly (readonly [name: string, table: PlannedTable])[];
  /** What a person should look at; they become comments. */
  readonly notes: readonly string[];
  /** From the manifest's folder to the schema that editors read. */
  readonly schemaPath: string;
}

const isPlain = (text: string): boolean =>
  /^[A-Za-z/$][\w$./-]*( [\w./-]+)*$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text);

/** Inside of a flow collection more signs have a meaning than JSON's quotes leave one. */
const inFlow = (value: unknown): string => {
  if (typeof value === 'string') return isPlain(value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(inFlow).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return members.length === 0 ? '{}' : `{ ${members.map(([name, member]) => `${inFlow(name)}: ${inFlow(member)}`).join(', ')} }`;
};

/** On one line, as manifests are written. */
const flow = (value: unknown): string => (typeof value === 'object' ? inFlow(value) : stringify(value, { lineWidth: 0 }).trim());

const comments: Readonly<Record<string, string>> = {
  id: 'where a record holds its id',
  modified: 'when it was last changed; of several the first that holds something counts',
  deleted: 'holds of a record that was deleted; leave it out when such records simply disappear',
  parent: 'the account of a contact',
  link: 'where a person opens the record',
  get: 'one record; add `record: name` when it is inside of something',
  list: 'all records',
};

const changesComment = (changes: unknown): string =>
  JSON.stringify(changes).includes('clientSide')
    ? 'reads the whole list each time; if the CRM can filter: { mode: since, path: …, query: { updated_since: "{{from | iso}}" } }'
    : 'what changed since a time';

/** Shared parts stand once at the top; the rest stays with its table. */
const shareable = ['records', 'total', 'page'] as const;

const sharedOf = (tables: ManifestPlan['tables']): Readonly<Record<string, unknown>> => {
  const [first, ...others] = tables.map(([, table]) => table);
  return Object.fromEntries(
    shareable.flatMap((name) => {
      const value = first?.[name];
      const isSame = others.every((other) => JSON.stringify(other[name]) === JSON.stringify(value));
      return value !== undefined && isSame ? [[name, value]] : [];
    }),
  );
};

const withComment = (line: string, comment: string | undefined): string => (comment === undefined ? line : `${line} # ${comment}`);

const tableLines = (table: PlannedTable, shared: Readonly<Record<string, unknown>>, isFirst: boolean): readonly string[] => {
  const lines = Object.entries(table).flatMap(([name, value]) => {
    // `total` has no place in a table: it only shows progress.
    if (value === undefined || name === 'map' || name === 'total' || Object.hasOwn(shared, name)) return [];
    const comment = name === 'changes' ? changesComment(value) : comments[name];
    return [withComment(`    ${name}: ${flow(value)}`, isFirst || name === 'parent' ? comment : undefined)];
  });
  const map = Array.isArray(table.map) ? table.map : [];
  return [...lines, '    map:', ...map.map((rule) => `      - ${flow(rule)}`)];
};

/** The text of a manifest to go on with: valid, and commented where a person will change it. */
export const writeManifest = ({ id, name, connection, auth, tables, notes, schemaPath }: ManifestPlan): string => {
  const shared = sharedOf(tables);
  const settings = Object.entries(connection.settings ?? {});
  return `${[
    `# yaml-language-server: $schema=${schemaPath}`,
    '# Made by `crm-sync connector new`. With the first line an editor completes names and shows mistakes.',
    '# All that can stand here: api/docs/reference/manifest.md. Look at it with `crm-sync connector check` and `… preview`.',
    ...(notes.length === 0 ? [] : ['#', '# To look at:', ...notes.map((note) => `# - ${note}`)]),
    `manifest: ${manifestVersion}`,
    `id: ${flow(id)}`,
    `name: ${flow(name)}`,
    'version: 1.0.0',
    '',
    'connection:',
    '  settings: # what the admin gives; used below as {{settings.name}}',
    ...settings.map(([setting, body]) => `    ${setting}: ${flow(body)}`),
    `  baseUrl: ${flow(connection.baseUrl)} # every path below is put behind it`,
    `auth: ${flow(auth)} # or none, apiKey, basic, bearer, session, oauth2`,
    '',
    ...(shared.records === undefined
      ? []
      : [`records: ${flow(shared.records)} # where answers hold the list; $ when the answer is the list`]),
    ...(shared.total === undefined ? [] : [`total: ${flow(shared.total)} # how many there are in all; only shows progress`]),
    ...(shared.page === undefined ? [] : [`page: ${flow(shared.page)} # or none, page, offset, cursor, nextLink, linkHeader, keyset`]),
    ...(tables.every(([, { page }]) => page === undefined)
      ? ['# page: { kind: page, param: page } # how a list goes on; without it all records must come in one answer']
      : []),
    '',
    'tables:',
    ...tables.flatMap(([table, body], index) => [`  ${table}:`, ...tableLines(body, shared, index === 0)]),
  ].join('\n')}\n`;
};
