import type { YamlProblem } from '../../yaml/schema-problems.ts';
import type { YamlPath } from '../../yaml/source-lines.ts';
import type { TemplateVariable } from '../expression/template-variables.ts';
import type { PageBody } from './schema/page.ts';
import type { RequestBody } from './schema/request.ts';
import { parseSafely, textsIn } from './settings-used.ts';

/** What a request of such a list may name, beside what its operation gives it. */
export const pageVariables = (page: PageBody | undefined): readonly TemplateVariable[] => {
  if (page === undefined || page.kind === 'none') return [];
  return page.kind === 'keyset' ? ['page', 'last'] : ['page'];
};

/** `page.at`, `last.id` and their like, as far as a request uses them. */
const membersUsed = (request: RequestBody): ReadonlySet<string> => {
  const used = new Set<string>();
  for (const { text } of textsIn([request.path, request.query, request.headers, request.body], [])) {
    const parts = parseSafely(text);
    if (typeof parts === 'string') continue;
    for (const part of parts)
      if (typeof part !== 'string') used.add(part.member === null ? part.variable : `${part.variable}.${part.member}`);
  }
  return used;
};

const neededByKeyset = { id: ['last.id'], modified: ['last.modified'], modifiedThenId: ['last.modified', 'last.id'] } as const;

/** The way of paging fits the request that it pages. */
export const lintPage = (
  request: RequestBody,
  page: PageBody | undefined,
  at: { readonly request: YamlPath; readonly page: YamlPath },
): readonly YamlProblem[] => {
  if (page === undefined || page.kind === 'none') return [];
  const problems: YamlProblem[] = [];
  const say = (problem: string): void => {
    problems.push({ path: at.page, problem });
  };
  const used = membersUsed(page.kind === 'cursor' && page.next !== undefined ? page.next : request);
  if (page.sizeParam !== undefined && page.size === undefined) say('“size” is needed beside “sizeParam”');
  if (page.end?.shortPage === true && page.size === undefined) say('“size” is needed to know a short page');
  if (page.end?.remaining !== undefined && page.size === undefined) say('“size” is needed beside “remaining”');
  if ((page.kind === 'page' || page.kind === 'offset' || page.kind === 'cursor') && page.param === undefined && !used.has('page.at')) {
    say('“param” is missing: the parameter for the place in the list; or the request must use {{page.at}}');
  }
  if (page.kind !== 'keyset') return problems;
  for (const name of neededByKeyset[page.by]) {
    if (!used.has(name))
      problems.push({ path: at.request, problem: `the request does not use {{${name}}}, so it would never get past its first page` });
  }
  if (page.by === 'modified' && page.ties?.param === undefined && page.end === undefined)
    say('by modified the last page is never empty, so “end” is needed, or `ties: { param: offset }`');
  if (page.ties?.maxSize !== undefined && page.size === undefined) say('“size” is needed beside “maxSize”');
  return problems;
};
