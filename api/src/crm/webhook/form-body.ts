import { isUtf8 } from 'node:buffer';

export type FormPairs = readonly (readonly [name: string, value: string])[];

/** Escapes in capitals, as RFC 3986 wants them written: two bodies that mean the same would be signed alike. */
const isSound = (text: string): boolean => !/%(?![0-9A-F]{2})/.test(text);

const decodePart = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));

/** The names and values of application/x-www-form-urlencoded in their order; null when the body is none. */
export const readForm = (rawBody: Buffer): FormPairs | null => {
  const text = rawBody.toString('utf8');
  if (!isUtf8(rawBody) || !isSound(text)) return null;
  if (text === '') return [];
  try {
    return text.split('&').map((pair) => {
      const equals = pair.indexOf('=');
      return equals < 0 ? [decodePart(pair), ''] : [decodePart(pair.slice(0, equals)), decodePart(pair.slice(equals + 1))];
    });
  } catch {
    return null;
  }
};

const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** What Twilio signs: each name with its value behind it, sorted, a value that comes twice only once. */
export const sortedFormText = (pairs: FormPairs): string =>
  [...new Set(pairs.map(([name]) => name))]
    .sort(byText)
    .flatMap((name) =>
      [...new Set(pairs.flatMap(([other, value]) => (other === name ? [value] : [])))].sort(byText).map((value) => name + value),
    )
    .join('');
