/** The values in a query: literals of $filter, and the arguments of Dataverse's query functions. */
import { parseGuid } from '../store/values.ts';
import { badQuery } from '../web-api/errors.ts';
import type { Literal } from './filter-syntax.ts';

const numberPattern = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i;
const datePattern = /^\d{4}-\d{2}-\d{2}$/;
const momentPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,12})?)?(Z|[+-]\d{2}:\d{2})?$/i;

/** null: the word is the name of a property. */
export function parseLiteral(word: string): Literal | null {
  if (word === 'null') return { type: 'null', value: null };
  if (word === 'true' || word === 'false') return { type: 'boolean', value: word === 'true' };
  const guid = parseGuid(word);
  if (guid !== null) return { type: 'guid', value: guid };
  if (numberPattern.test(word)) return { type: 'number', value: Number(word) };
  if (/^\d{4}-\d{2}-\d{2}/.test(word)) return dateLiteral(word);
  if (/^[A-Za-z_]/.test(word)) return null;
  throw badQuery(`Unrecognized literal '${word}'.`);
}

function dateLiteral(word: string): Literal {
  if (parseMomentMs(word) === null) throw badQuery(`Unrecognized 'Edm.DateTimeOffset' literal '${word}'.`);
  return datePattern.test(word) ? { type: 'date', value: word } : { type: 'datetime', value: word };
}

/** Epoch milliseconds of a date or a moment; one without an offset is UTC. null when the text is neither. */
export function parseMomentMs(text: string): number | null {
  const isDate = datePattern.test(text);
  const found = isDate ? null : momentPattern.exec(text);
  if (!isDate && found === null) return null;
  const epochMs = Date.parse(isDate ? `${text}T00:00:00Z` : found?.[3] === undefined ? `${text}Z` : text);
  return Number.isNaN(epochMs) ? null : epochMs;
}

export const isQuoted = (text: string): boolean => /^'(?:[^']|'')*'$/.test(text);
export const unquote = (quoted: string): string => quoted.slice(1, -1).replaceAll("''", "'");

/** Values may be in double quotes, or in single ones when none is inside (filter-rows.md, "Manage single quotes"). */
export function parseJsonList(text: string): readonly string[] {
  const json = text.includes('"') ? text : text.replaceAll("'", '"');
  let list: unknown;
  try {
    list = JSON.parse(json);
  } catch {
    throw badQuery(
      "Invalid JSON. A comma character ',' was expected in scope 'Array'. Every two elements in an array and properties of an object " +
        'must be separated by commas.',
    );
  }
  if (!Array.isArray(list)) throw badQuery('Invalid JSON. An array was expected.');
  return list.map((value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)));
}
