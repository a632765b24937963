import { didYouMean } from '../../yaml/did-you-mean.ts';
import type { YamlProblem } from '../../yaml/schema-problems.ts';
import type { YamlPath } from '../../yaml/source-lines.ts';
import type { TemplateExpression } from '../expression/template.ts';
import type { TemplateVariable } from '../expression/template-variables.ts';
import { lintPage, pageVariables } from './lint-paging.ts';
import type { Manifest } from './schema/manifest.ts';
import type { PageBody } from './schema/page.ts';
import type { RequestBody } from './schema/request.ts';
import type { ChangesBody, TableBody } from './schema/table.ts';
import { parseSafely, type PlacedText, textsIn } from './settings-used.ts';

export interface Rule {
  readonly allowed: readonly TemplateVariable[];
  /** Of each list at least one must be used. */
  readonly needed?: readonly (readonly TemplateVariable[])[];
  /** Secrets stay out of addresses and bodies, which end up in other people's logs. */
  readonly maySignIn?: boolean;
}

const written = (names: readonly string[]): string => names.map((name) => `{{${name}}}`).join(' or ');

const problemWith = (manifest: Manifest, { variable, member }: TemplateExpression, rule: Rule): string | null => {
  if (!rule.allowed.includes(variable)) return `{{${variable}}} is not known here; known are ${rule.allowed.join(', ')}`;
  if (variable === 'found' && member !== null && !Object.hasOwn(manifest.discover ?? {}, member))
    return `there is no “${member}” under discover`;
  if (variable !== 'settings' || member === null) return null;
  const settings = new Map(Object.entries(manifest.connection.settings ?? {}));
  const setting = settings.get(member);
  if (setting === undefined) return `there is no setting “${member}” under connection.settings${didYouMean(member, [...settings.keys()])}`;
  if (setting.type === 'secret' && rule.maySignIn !== true) return `the secret “${member}” may only stand in auth and http.headers`;
  return null;
};

export const lintTemplates = (manifest: Manifest, places: readonly PlacedText[], rule: Rule): readonly YamlProblem[] => {
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
  for (const names of rule.needed ?? []) {
    if (first !== undefined && !names.some((name) => used.has(name)))
      problems.push({ path: first.path.slice(0, -1), problem: `the request does not use ${written(names)}` });
  }
  return problems;
};

/** A request, whatever its method; only the end of a scroll deletes something. */
type LintedRequest = Omit<RequestBody, 'method'> & { readonly method?: string };

const requestPlaces = ({ path, query, headers, body }: LintedRequest, at: YamlPath): readonly PlacedText[] => [
  { path: [...at, 'path'], text: path },
  ...textsIn({ query, headers, body }, at),
];

export const lintRequest = (manifest: Manifest, request: LintedRequest, at: YamlPath, rule: Rule): readonly YamlProblem[] => {
  const problems = [...lintTemplates(manifest, requestPlaces(request, at), rule)];
  const { method = 'GET' } = request;
  if (request.body !== undefined && (method === 'GET' || method === 'DELETE') && request.encoding === undefined && at[0] !== 'auth')
    problems.push({ path: [...at, 'body'], problem: 'only a POST sends a body; add `method: POST`' });
  if (request.encoding === 'xml' && request.body !== undefined && typeof request.body !== 'string')
    problems.push({ path: [...at, 'body'], problem: 'an xml body is a text: begin it with `body: |`' });
  return problems;
};

const always: readonly TemplateVariable[] = ['settings', 'entity', 'fields', 'found'];

const windowOf = ({ mode }: ChangesBody): Rule => {
  switch (mode) {
    case 'window':
      return { allowed: ['from', 'to'], needed: [['from', 'last'], ['to']] };
    case 'since':
      return { allowed: ['from'], needed: [['from', 'last']] };
    case 'cursor':
      return { allowed: ['from', 'token'] };
    case 'clientSide':
      return { allowed: [] };
  }
};

/** Both ends of a slice are asked for, or records would be read by two workers or by none. */
const lintSlices = (list: TableBody['list'], changes: TableBody['changes'], at: YamlPath): readonly YamlProblem[] => {
  const problems: YamlProblem[] = [];
  if (list?.slices !== undefined) {
    const { path, query, headers, body, page } = list;
    const members = new Set(
      textsIn([path, query, headers, body, page], []).flatMap(({ text }) => {
        const parts = parseSafely(text);
        return typeof parts === 'string'
          ? []
          : parts.map((part) => (typeof part !== 'string' && part.variable === 'slice' ? part.member : null));
      }),
    );
    const needed = list.slices.by === 'hex' ? (['rows'] as const) : (['lowest', 'highest'] as const);
    for (const part of needed) {
      if (list.slices[part] === undefined)
        problems.push({ path: [...at, 'list', 'slices'], problem: `slices by ${list.slices.by} need “${part}”` });
    }
    for (const end of ['from', 'to']) {
      if (!members.has(end)) problems.push({ path: [...at, 'list'], problem: `the request does not use {{slice.${end}}}` });
    }
  }
  if (changes?.slices !== undefined && changes.mode !== 'window')
    problems.push({ path: [...at, 'changes', 'slices'], problem: '“slices” of changes go with mode window only' });
  return problems;
};

const lintOperations = (manifest: Manifest, table: TableBody, at: YamlPath): readonly YamlProblem[] => {
  const { get, getMany, list, changes, deletes = [], sweep, parent, bulk, fields, describe, search = [] } = table;
  const problems: YamlProblem[] = [];
  const usual = table.page ?? manifest.page;
  const check = (request: LintedRequest | undefined, path: YamlPath, rule: Rule): void => {
    if (request !== undefined) problems.push(...lintRequest(manifest, request, path, { ...rule, allowed: [...always, ...rule.allowed] }));
  };
  const checkList = (request: (RequestBody & { readonly page?: PageBody | undefined }) | undefined, path: YamlPath, rule: Rule): void => {
    if (request === undefined) return;
    const page = request.page ?? usual;
    check(request, path, { ...rule, allowed: [...rule.allowed, ...pageVariables(page)] });
    const shared = table.page === undefined ? ['page'] : [...at, 'page'];
    problems.push(...lintPage(request, page, { request: path, page: request.page === undefined ? shared : [...path, 'page'] }));
    if (page?.kind === 'keyset' && page.ties?.readAll !== undefined && path.at(-1) !== 'changes')
      problems.push({ path, problem: '“readAll” goes with changes: what is read instead is `list`' });
    if (page?.kind !== 'cursor') return;
    const firstRule = { ...rule, needed: [], allowed: [...always, ...rule.allowed] };
    problems.push(...lintTemplates(manifest, textsIn(page.first ?? {}, [...path, 'page', 'first']), firstRule));
    check(page.next, [...path, 'page', 'next'], { ...rule, allowed: [...rule.allowed, 'page'] });
    check(page.teardown, [...path, 'page', 'teardown'], { allowed: ['page'] });
  };
  const isSliced = list?.slices !== undefined;
  checkList(list, [...at, 'list'], isSliced ? { allowed: ['slice'], needed: [['slice']] } : { allowed: [] });
  for (const part of ['lowest', 'highest', 'rows'] as const) check(list?.slices?.[part], [...at, 'list', 'slices', part], { allowed: [] });
  problems.push(...lintSlices(list, changes, at));
  checkList(sweep, [...at, 'sweep'], { allowed: [] });
  if (changes !== undefined) checkList(changes, [...at, 'changes'], windowOf(changes));
  deletes.forEach((one, position) => checkList(one, [...at, 'deletes', position], { allowed: ['from', 'to'] }));
  check(get, [...at, 'get'], { allowed: ['id'], needed: [['id']] });
  check(getMany, [...at, 'getMany'], { allowed: ['ids'], needed: [['ids']] });
  search.forEach((one, position) => check(one, [...at, 'search', position], { allowed: ['term'], needed: [['term']] }));
  check(bulk, [...at, 'bulk'], { allowed: [] });
  check(bulk?.count, [...at, 'bulk', 'count'], { allowed: [] });
  // What a request about the fields could not say is {{fields}}: they are what it asks for.
  if (describe !== undefined) problems.push(...lintRequest(manifest, describe, [...at, 'describe'], { allowed: ['settings', 'entity'] }));
  if (fields?.known === true && describe === undefined)
    problems.push({ path: [...at, 'fields', 'known'], problem: 'it needs “describe”, which says what fields there are' });
  check(parent?.lookup, [...at, 'parent', 'lookup'], { allowed: ['keys'], needed: [['keys']] });
  if (table.link !== undefined) {
    const rule: Rule = { allowed: ['settings', 'id', 'record', 'entity'] };
    problems.push(...lintTemplates(manifest, [{ path: [...at, 'link'], text: table.link }], rule));
  }
  return problems;
};

/** What is said once in the file is said once about it, however many tables use it. */
const once = (problems: readonly YamlProblem[]): readonly YamlProblem[] => [
  ...new Map(problems.map((one) => [JSON.stringify([one.path, one.problem]), one])).values(),
];

/** Every template names only what is there where it stands, and every request says what it must. */
export const lintRequests = (manifest: Manifest, tables: readonly (readonly [string, TableBody])[]): readonly YamlProblem[] => {
  const { connection, auth, http, probe, discover = {} } = manifest;
  const signIn: Rule = { allowed: ['settings'], maySignIn: true };
  const plain: Rule = { allowed: ['settings'] };
  return [
    ...lintTemplates(manifest, [{ path: ['connection', 'baseUrl'], text: connection.baseUrl }], plain),
    ...lintTemplates(manifest, textsIn(connection.hosts ?? [], ['connection', 'hosts']), plain),
    ...lintTemplates(manifest, textsIn(auth, ['auth']), signIn),
    ...lintTemplates(manifest, textsIn(http?.headers ?? {}, ['http', 'headers']), signIn),
    ...(probe === undefined ? [] : lintRequest(manifest, probe, ['probe'], plain)),
    ...(probe?.tenant?.is === undefined
      ? []
      : lintTemplates(manifest, [{ path: ['probe', 'tenant', 'is'], text: probe.tenant.is }], plain)),
    ...Object.entries(discover).flatMap(([name, request]) => lintRequest(manifest, request, ['discover', name], plain)),
    ...once(tables.flatMap(([name, table]) => lintOperations(manifest, table, ['tables', name]))),
  ];
};
