/** Splits a $filter expression into tokens. */
import { badQuery } from '../web-api/errors.ts';

export type Token =
  | { readonly kind: 'text'; readonly value: string; readonly position: number }
  | { readonly kind: 'json'; readonly value: string; readonly position: number }
  | { readonly kind: 'word'; readonly value: string; readonly position: number }
  | { readonly kind: 'open' | 'close' | 'comma' | 'equals'; readonly value: string; readonly position: number };

const wordPattern = /[A-Za-z0-9_@$.:+/{}-]+/y;
const textPattern = /'((?:[^']|'')*)'/y;
const jsonPattern = /\[(?:[^\]"']|"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')*\]/y;
const punctuation: Readonly<Record<string, 'open' | 'close' | 'comma' | 'equals'>> = {
  '(': 'open',
  ')': 'close',
  ',': 'comma',
  '=': 'equals',
};

export function tokenize(expression: string): readonly Token[] {
  const tokens: Token[] = [];
  let position = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    return pattern.exec(expression);
  };
  while (position < expression.length) {
    const character = expression.charAt(position);
    if (/\s/.test(character)) {
      position += 1;
      continue;
    }
    const kind = punctuation[character];
    if (kind !== undefined) {
      tokens.push({ kind, value: character, position });
      position += 1;
      continue;
    }
    const found = character === "'" ? match(textPattern) : character === '[' ? match(jsonPattern) : match(wordPattern);
    if (found === null) throw unreadable(expression, position, character);
    if (character === "'") tokens.push({ kind: 'text', value: (found[1] ?? '').replaceAll("''", "'"), position });
    else tokens.push({ kind: character === '[' ? 'json' : 'word', value: found[0], position });
    position += found[0].length;
  }
  return tokens;
}

function unreadable(expression: string, position: number, character: string): Error {
  if (character === "'") return badQuery(`There is an unterminated literal at position ${expression.length} in '${expression}'.`);
  return badQuery(`Syntax error: character '${character}' is not valid at position ${position} in '${expression}'.`);
}
