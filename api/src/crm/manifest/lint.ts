import { lintRequests } from './lint-requests.ts';
import { lintWebhooks } from './lint-webhooks.ts';
import type { SettingBody } from './schema/connection.ts';
import type { Manifest } from './schema/manifest.ts';
import type { MappingBody, TableBody } from './schema/table.ts';
import type { YamlProblem } from '../../yaml/schema-problems.ts';
import type { YamlPath } from '../../yaml/source-lines.ts';

const lintSetting = (setting: SettingBody, path: YamlPath): readonly YamlProblem[] => {
  if (setting.type === 'choice' && setting.choices === undefined) return [{ path, problem: 'a setting of type choice needs “choices”' }];
  if (setting.type === 'secret' && setting.default !== undefined)
    return [{ path: [...path, 'default'], problem: 'a secret has no default' }];
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
  if (table.get === undefined && table.getMany === undefined)
    problems.push({ path, problem: '“get” or “getMany” is needed: a record must be readable by its id' });
  if (table.parent !== undefined && manifest.tables[table.parent.table] === undefined) {
    problems.push({ path: [...path, 'parent', 'table'], problem: `this manifest has no table ${table.parent.table}` });
  }
  if (table.changes !== undefined && table.modified === undefined) {
    problems.push({
      path: [...path, 'changes'],
      problem: '“modified” is needed beside it: without it nobody can tell whether the CRM obeys the window',
    });
  }
  return [...problems, ...lintColumns(table, path)];
};

/** What a schema cannot say: that the parts of a manifest fit each other. */
export const lintManifest = (manifest: Manifest): readonly YamlProblem[] => [
  ...Object.entries(manifest.connection.settings ?? {}).flatMap(([name, setting]) =>
    lintSetting(setting, ['connection', 'settings', name]),
  ),
  ...Object.entries(manifest.tables).flatMap(([name, table]) => lintTable(manifest, table, ['tables', name])),
  ...lintRequests(manifest),
  ...lintWebhooks(manifest),
];
