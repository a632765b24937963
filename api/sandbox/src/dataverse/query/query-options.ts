/** Splits a query string, or the inside of an `$expand(…)`, into options; refuses those that Dataverse refuses. */
import { badQuery, notImplemented } from '../web-api/errors.ts';

export interface QueryOptions {
  readonly select: readonly string[] | null;
  readonly filter: string | null;
  readonly orderBy: string | null;
  readonly expand: string | null;
  readonly top: number | null;
  readonly isCounted: boolean;
  readonly skipToken: string | null;
  readonly deltaToken: string | null;
  readonly apply: string | null;
  readonly fetchXml: string | null;
  /** `@name` parameters, by name with the @. */
  readonly aliases: ReadonlyMap<string, string>;
}

const known = ['$select', '$filter', '$orderby', '$expand', '$top', '$count', '$skiptoken', '$deltatoken', '$apply', 'fetchXml'];
/** overview.md, "Unsupported OData query options"; $compute is of a later OData, and a view's query needs views. */
const notBuilt = ['$search', '$format', '$compute', 'savedQuery', 'userQuery'];
const expandOptions = ['$select', '$filter', '$orderby', '$top', '$expand'];

/** `query` is a URL's query, percent-encoded. */
export function parseQueryString(query: string): QueryOptions {
  const pairs = query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => splitOnce(pair, '='))
    .map(([name, value]) => [decodeQuery(name), decodeQuery(value)] as const);
  return collectOptions(pairs);
}

/** `$select=a,b;$filter=…` as it stands in the parentheses of an $expand; not encoded. Other options are refused (join-tables.md). */
export function parseExpandOptions(text: string): QueryOptions {
  const pairs = splitTopLevel(text, ';')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')
    .map((pair) => splitOnce(pair, '='))
    .map(([name, value]) => [name.trim(), value.trim()] as const);
  const wrong = pairs.find(([name]) => !expandOptions.includes(name));
  if (wrong !== undefined) throw badQuery(`The query option '${wrong[0]}' is not supported inside $expand.`);
  return collectOptions(pairs);
}

function collectOptions(pairs: readonly (readonly [string, string])[]): QueryOptions {
  const options = new Map<string, string>();
  const aliases = new Map<string, string>();
  for (const [name, value] of pairs) {
    if (name.startsWith('@')) aliases.set(name, value);
    else if (known.includes(name)) {
      if (options.has(name)) throw badQuery(`Query option '${name}' was specified more than once, but it must be specified at most once.`);
      options.set(name, value);
    } else if (name === '$skip') throw badQuery('Skip Clause is not supported in CRM');
    else if (notBuilt.includes(name)) throw notImplemented(`The query option ${name}`);
    else if (name.startsWith('$')) throw badQuery(`The query parameter '${name}' is not supported.`);
    // Anything else is the client's own, such as ?tag=.
  }
  return {
    select: listOf(options.get('$select')),
    filter: options.get('$filter') ?? null,
    orderBy: options.get('$orderby') ?? null,
    expand: options.get('$expand') ?? null,
    top: parseTop(options.get('$top')),
    isCounted: parseCount(options.get('$count')),
    skipToken: options.get('$skiptoken') ?? null,
    deltaToken: options.get('$deltatoken') ?? null,
    apply: options.get('$apply') ?? null,
    fetchXml: options.get('fetchXml') ?? null,
    aliases,
  };
}

function listOf(text: string | undefined): readonly string[] | null {
  if (text === undefined) return null;
  // One comma too many at the end is let pass: Microsoft's own samples have it.
  const names = text
    .replace(/,\s*$/, '')
    .split(',')
    .map((name) => name.trim());
  if (names.includes('')) throw badQuery('Term in $select must not be empty.');
  return names.includes('*') ? null : names;
}

function parseTop(text: string | undefined): number | null {
  if (text === undefined) return null;
  const top = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(top)) throw badQuery(`Invalid value '${text}' for $top query option found.`);
  return top;
}

function parseCount(text: string | undefined): boolean {
  if (text !== undefined && text !== 'true' && text !== 'false') throw badQuery(`Invalid value '${text}' for $count query option found.`);
  return text === 'true';
}

/** Splits where neither quotes nor parentheses are open. */
export function splitTopLevel(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  let isQuoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === "'") isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (character === separator && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  if (depth !== 0 || isQuoted) throw badQuery(`Syntax error: unbalanced parentheses or quotes in '${text}'.`);
  parts.push(text.slice(start));
  return parts;
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** In a query a plus is a space; in a path it is itself. */
function decodeQuery(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw badQuery('The request URI is not valid: it holds a malformed percent-encoding.');
  }
}
