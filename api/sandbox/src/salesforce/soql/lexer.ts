import { errors } from '../errors.ts';

export type TokenKind = 'word' | 'string' | 'number' | 'datetime' | 'date' | 'symbol' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Of a string its meaning, of all else its letters. */
  readonly text: string;
}

const patterns: readonly (readonly [TokenKind, RegExp])[] = [
  // A `+` that was not escaped in the address arrives as a space, so such a time does not end here and is refused.
  ['datetime', /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})/y],
  ['date', /\d{4}-\d{2}-\d{2}(?![T\d])/y],
  ['number', /[+-]?\d+(?:\.\d+)?(?![\w-])/y],
  ['word', /[A-Za-z_][\w.]*/y],
  ['symbol', /<=|>=|!=|<>|[=<>(),:]/y],
];

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_quotedstringescapes.htm */
const unescape = (quoted: string): string =>
  quoted.slice(1, -1).replaceAll(/\\([\s\S])/g, (_whole, letter: string) => escapes[letter.toLowerCase()] ?? letter);

const readString = (query: string, at: number): string => {
  const match = /'(?:[^'\\]|\\[\s\S])*'/y;
  match.lastIndex = at;
  const found = match.exec(query)?.[0];
  if (found === undefined) throw errors.malformedQuery('Unterminated string constant');
  return found;
};

/** Splits a query into its words. Throws MALFORMED_QUERY at the first letter that belongs to none. */
export const tokenize = (query: string): readonly Token[] => {
  const tokens: Token[] = [];
  let at = 0;
  next: while (at < query.length) {
    const blank = /\s/.test(query.charAt(at));
    if (blank) {
      at += 1;
      continue;
    }
    if (query.charAt(at) === "'") {
      const quoted = readString(query, at);
      tokens.push({ kind: 'string', text: unescape(quoted) });
      at += quoted.length;
      continue;
    }
    for (const [kind, pattern] of patterns) {
      pattern.lastIndex = at;
      const text = pattern.exec(query)?.[0];
      if (text === undefined) continue;
      tokens.push({ kind, text });
      at += text.length;
      continue next;
    }
    throw errors.malformedQuery(`unexpected token: '${query.slice(at).split(/\s/, 1)[0] ?? ''}'`);
  }
  return [...tokens, { kind: 'end', text: '<EOF>' }];
};
