import { parseTemplate, type TemplateVariable } from '../expression/template.ts';
import type { Manifest } from './schema/manifest.ts';
import type { PageBody, RequestBody } from './schema/request.ts';
import type { TableBody } from './schema/table.ts';
import type { YamlProblem } from '../../yaml/schema-problems.ts';
import type { YamlPath } from '../../yaml/source-lines.ts';

interface Place {
  readonly path: YamlPath;
  readonly text: string;
}

interface Rule {
  readonly allowed: readonly TemplateVariable[];
  readonly needed?: readonly TemplateVariable[];
  /** Secrets stay out of addresses and bodies, which end up in other people's logs. */
  readonly maySignIn?: boolean;
}

/** Every text in a value, with where it stands. */
const textsIn = (value: unknown, path: YamlPath): readonly Place[] => {
  if (typeof value === 'string') return [{ path, text: value }];
  if (Array.isArray(value)) return value.flatMap((element, position) => textsIn(element, [...path, position]));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, member]) => textsIn(member, [...path, name]));
  return [];
};

const lintTemplates = (manifest: Manifest, places: readonly Place[], rule: Rule): readonly YamlProblem[] => {
  const problems: YamlProblem[] = [];
  const used = new Set<TemplateVariable>();
  for (const { path, text } of places) {
    const parts = parseSafely(text);
    if (typeof parts === 'string') problems.push({ path, problem: parts });
    else {
      for (const part of parts) {
        if (typeof part === 'string') continue;
        used.add(part.variable);
        const problem = problemWith(manifest, part, rule);
        if (problem !== null) problems.push({ path, problem });
      }
    }
  }
  const [first] = places;
  const missing = (rule.needed ?? []).filter((variable) => !used.has(variable));
  if (first !== undefined && missing.length > 0)
    problems.push({ path: first.path.slice(0, -1), problem: `the request does not use {{${missing.join('}} and {{')}}}` });
  return problems;
};

/** Texts inside a JSON body are outside the schema, so this is where they are first read. */
const parseSafely = (text: string): ReturnType<typeof parseTemplate> | string => {
  try {
    return parseTemplate(text);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

const problemWith = (
  manifest: Manifest,
  part: { readonly variable: TemplateVariable; readonly setting: string | null },
  rule: Rule,
): string | null => {
  if (!rule.allowed.includes(part.variable)) return `{{${part.variable}}} is not known here; known are ${rule.allowed.join(', ')}`;
  if (part.setting === null) return null;
  const setting = new Map(Object.entries(manifest.connection.settings ?? {})).get(part.setting);
  if (setting === undefined) return `there is no setting “${part.setting}” under connection.settings`;
  if (setting.type === 'secret' && rule.maySignIn !== true) return `the secret “${part.setting}” may only stand in auth and http.headers`;
  return null;
};

const requestPlaces = ({ path, query, headers, body }: RequestBody, at: YamlPath): readonly Place[] => [
  { path: [...at, 'path'], text: path },
  ...textsIn({ query, headers, body }, at),
];

const lintPage = (page: PageBody | undefined, path: YamlPath): readonly YamlProblem[] => {
  if (page === undefined || page.kind === 'none') return [];
  const problems: YamlProblem[] = [];
  if (page.sizeParam !== undefined && page.size === undefined) problems.push({ path, problem: '“size” is needed beside “sizeParam”' });
  if (page.end?.shortPage === true && page.size === undefined) problems.push({ path, problem: '“size” is needed to know a short page' });
  return problems;
};

const lintOperations = (manifest: Manifest, table: TableBody, at: YamlPath): readonly YamlProblem[] => {
  const { get, getMany, list, changes } = table;
  const problems = [
    ...lintTemplates(manifest, requestPlaces(list, [...at, 'list']), { allowed: ['settings'] }),
    ...lintPage(table.page, [...at, 'page']),
    ...lintPage(list.page, [...at, 'list', 'page']),
  ];
  if (get !== undefined)
    problems.push(...lintTemplates(manifest, requestPlaces(get, [...at, 'get']), { allowed: ['settings', 'id'], needed: ['id'] }));
  if (getMany !== undefined) {
    problems.push(
      ...lintTemplates(manifest, requestPlaces(getMany, [...at, 'getMany']), { allowed: ['settings', 'ids'], needed: ['ids'] }),
    );
  }
  if (changes !== undefined) {
    const window: readonly TemplateVariable[] = changes.mode === 'window' ? ['from', 'to'] : ['from'];
    const rule: Rule = { allowed: ['settings', ...window], needed: window };
    problems.push(
      ...lintTemplates(manifest, requestPlaces(changes, [...at, 'changes']), rule),
      ...lintPage(changes.page, [...at, 'changes', 'page']),
    );
  }
  if (table.link !== undefined) {
    problems.push(...lintTemplates(manifest, [{ path: [...at, 'link'], text: table.link }], { allowed: ['settings', 'id', 'record'] }));
  }
  return problems;
};

/** Every template names only what is there where it stands, and every request says what it must. */
export const lintRequests = (manifest: Manifest): readonly YamlProblem[] => {
  const { connection, auth, http, probe } = manifest;
  const { kind, ...credentials } = auth;
  const signIn: Rule = { allowed: ['settings'], maySignIn: true };
  return [
    ...lintTemplates(manifest, [{ path: ['connection', 'baseUrl'], text: connection.baseUrl }], { allowed: ['settings'] }),
    ...lintTemplates(manifest, kind === 'none' ? [] : textsIn(credentials, ['auth']), signIn),
    ...lintTemplates(manifest, textsIn(http?.headers ?? {}, ['http', 'headers']), signIn),
    ...(probe === undefined ? [] : lintTemplates(manifest, requestPlaces(probe, ['probe']), { allowed: ['settings'] })),
    ...lintPage(manifest.page, ['page']),
    ...Object.entries(manifest.tables).flatMap(([name, table]) => lintOperations(manifest, table, ['tables', name])),
  ];
};
