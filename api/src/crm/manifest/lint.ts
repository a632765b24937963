import { lintRequests } from './lint-requests.ts';
import { lintWebhooks } from './lint-webhooks.ts';
import type { AuthBody } from './schema/auth.ts';
import type { SettingBody } from './schema/connection.ts';
import type { Manifest } from './schema/manifest.ts';
import type { MappingBody, TableBody } from './schema/table.ts';
import { withDefaults } from './with-defaults.ts';
import type { YamlProblem } from '../../yaml/schema-problems.ts';
import type { YamlPath } from '../../yaml/source-lines.ts';

const lintSetting = (setting: SettingBody, path: YamlPath): readonly YamlProblem[] => {
  if (setting.type === 'choice' && setting.choices === undefined) return [{ path, problem: 'a setting of type choice needs “choices”' }];
  if (setting.type === 'secret' && setting.default !== undefined)
    return [{ path: [...path, 'default'], problem: 'a secret has no default' }];
  if (setting.type !== 'choice' && setting.choices !== undefined)
    return [{ path: [...path, 'choices'], problem: '“choices” goes with type choice' }];
  return [];
};

const lintMapping = (mapping: MappingBody, path: YamlPath): readonly YamlProblem[] => {
  const origins = [mapping.from, mapping.first, mapping.const].filter((origin) => origin !== undefined);
  return origins.length === 1 ? [] : [{ path, problem: 'exactly one of “from”, “first” and “const” is needed' }];
};

const lintColumns = (table: TableBody, path: YamlPath): readonly YamlProblem[] => {
  const seen = new Set<string>();
  return table.map.flatMap((mapping, position) => {
    const columns = typeof mapping.to === 'string' ? [mapping.to] : mapping.to;
    const twice = columns.filter((column) => seen.has(column));
    for (const column of columns) seen.add(column);
    return twice.map((column) => ({ path: [...path, 'map', position, 'to'], problem: `“${column}” is filled twice` }));
  });
};

const lintTable = (manifest: Manifest, table: TableBody, path: YamlPath): readonly YamlProblem[] => {
  const problems: YamlProblem[] = table.map.flatMap((mapping, position) => lintMapping(mapping, [...path, 'map', position]));
  const say = (problem: string, ...at: readonly string[]): void => {
    problems.push({ path: [...path, ...at], problem });
  };
  if (table.id === undefined) say('“id” is missing: where a record holds its id, for example `id: id`');
  if (table.pushOnly === true) {
    const askedFor = (['list', 'get', 'getMany', 'changes', 'deletes', 'sweep', 'bulk', 'describe'] as const).filter(
      (name) => table[name] !== undefined,
    );
    if (askedFor.length > 0) say(`a table with “pushOnly” is not asked for: it has no ${askedFor.join(', ')}`, 'pushOnly');
    return [...problems, ...lintColumns(table, path)];
  }
  if (table.list === undefined) say('“list” is missing: the request that reads all records, for example `list: { path: /people }`');
  if (table.get === undefined && table.getMany === undefined) say('“get” or “getMany” is needed: a record must be readable by its id');
  if (table.get?.record !== undefined && table.get.records !== undefined) say('“record” and “records” do not go together', 'get');
  if (typeof table.skip === 'object' && manifest.connection.settings?.[table.skip.unless]?.type !== 'boolean')
    say(`there is no setting “${table.skip.unless}” of type boolean under connection.settings`, 'skip', 'unless');
  if (table.parent !== undefined && manifest.tables[table.parent.table] === undefined) {
    say(`this manifest has no table ${table.parent.table}`, 'parent', 'table');
  }
  if (table.changes !== undefined && table.changes.mode !== 'cursor' && table.modified === undefined) {
    say('“modified” is needed beside it: without it nobody can tell whether the CRM obeys the window', 'changes');
  }
  if (table.changes?.mode === 'cursor' && table.changes.token === undefined && table.list?.token === undefined)
    say('“token” is needed for mode cursor: where the last page holds what the next reading begins with', 'changes');
  return [...problems, ...lintColumns(table, path)];
};

const lintAuth = (auth: AuthBody, path: YamlPath): readonly YamlProblem[] => {
  if (auth.kind !== 'oauth2') return [];
  const needed = {
    clientCredentials: ['clientSecret'],
    refreshToken: ['refreshToken'],
    jwtBearer: ['jwt'],
    authorizationCode: ['authorizeUrl'],
  } as const;
  return needed[auth.grant]
    .filter((name) => auth[name] === undefined)
    .map((name) => ({ path, problem: `“${name}” is needed for the grant ${auth.grant}` }));
};

const lintSignIns = ({ auth }: Manifest): readonly YamlProblem[] => {
  if (!Array.isArray(auth)) return lintAuth(auth, ['auth']);
  const ids = auth.map(({ id }) => id);
  return auth.flatMap((one, position) => {
    const path = ['auth', position];
    const problems = [...lintAuth(one, path)];
    if (one.id === undefined) problems.push({ path, problem: '“id” is missing: where there are several, each has a name' });
    else if (ids.indexOf(one.id) !== position) problems.push({ path: [...path, 'id'], problem: `“${one.id}” is there twice` });
    return problems;
  });
};

const lintErrors = ({ errors = [] }: Manifest): readonly YamlProblem[] =>
  errors.flatMap(({ say, do: meaning }, position) =>
    say === undefined || meaning === 'refuse' || meaning === 'forbidden'
      ? []
      : [{ path: ['errors', position, 'say'], problem: `nobody would read it: with “do: ${meaning}” the request is not given up` }],
  );

/** What a schema cannot say: that the parts of a manifest fit each other. */
export const lintManifest = (manifest: Manifest): readonly YamlProblem[] => {
  const tables = Object.entries(manifest.tables).map(([name, table]) => [name, withDefaults(manifest, table)] as const);
  return [
    ...Object.entries(manifest.connection.settings ?? {}).flatMap(([name, setting]) =>
      lintSetting(setting, ['connection', 'settings', name]),
    ),
    ...lintSignIns(manifest),
    ...lintErrors(manifest),
    ...tables.flatMap(([name, table]) => lintTable(manifest, table, ['tables', name])),
    ...lintRequests(manifest, tables),
    ...lintWebhooks(manifest),
  ];
};
