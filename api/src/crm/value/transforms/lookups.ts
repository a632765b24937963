import type { JsonPrimitive } from '../../types.ts';
import { isPrimitive, textTransform, type Transform } from './transform.ts';

const regionNames = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
const countryNames = new Map<string, string>();

const nameOf = (code: string): string => {
  const known = countryNames.get(code);
  if (known !== undefined) return known;
  const name = regionNames.of(code) ?? code;
  // At most 676 codes of two letters, so the memory needs no other bound.
  countryNames.set(code, name);
  return name;
};

export const countryName: Transform = textTransform({
  description: 'A country’s two-letter code (ISO 3166) to its English name; everything else stays as it is.',
  noun: 'country',
  change: (text) => (/^\s*[A-Za-z]{2}\s*$/.test(text) ? nameOf(text.trim().toUpperCase()) : text),
});

export const choice: Transform = {
  description: 'Looks the value up: {choice: {customer: 1, partner: 2}}. A value that is not there fails the record.',
  noun: 'choice of the mapping',
  compile: (argument) => {
    if (typeof argument !== 'object' || argument === null || Array.isArray(argument))
      throw new RangeError('it takes a mapping, for example {choice: {customer: 1}}');
    const choices = new Map<string, JsonPrimitive>();
    for (const [name, value] of Object.entries(argument)) {
      if (!isPrimitive(value)) throw new RangeError(`“${name}” must be text or a number`);
      choices.set(name, value);
    }
    return (value) => (isPrimitive(value) ? choices.get(String(value)) : undefined);
  },
};
