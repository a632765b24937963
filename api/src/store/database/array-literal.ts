/**
 * Lists travel as one text parameter each (`$1::text::bigint[]`), written here: both drivers pass a text through unchanged, while
 * each has its own, slower way with arrays (the embedded one asks the database for the element type first).
 */
const needsEscape = /["\\]/;

const quote = (value: string): string => (needsEscape.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : `"${value}"`);

/** For `$n::text::text[]` and `$n::text::uuid[]`. */
export const textArray = (values: readonly (string | null)[]): string => {
  let literal = '{';
  for (const value of values) literal += `${literal.length > 1 ? ',' : ''}${value === null ? 'NULL' : quote(value)}`;
  return `${literal}}`;
};

/** For `$n::text::bigint[]` and `$n::text::smallint[]`. */
export const numberArray = (values: readonly (number | null)[]): string => {
  let literal = '{';
  for (const value of values) literal += `${literal.length > 1 ? ',' : ''}${value === null ? 'NULL' : value}`;
  return `${literal}}`;
};
