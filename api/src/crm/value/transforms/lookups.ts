import type { JsonPrimitive } from '../../types.ts';
import { createNameTable, lookUpName, readCountryCode } from './country-codes.ts';
import { isPrimitive, textTransform, type Transform, textTransformOf } from './transform.ts';

const readLanguages = (argument: unknown): readonly string[] => {
  const languages = argument === undefined ? ['en'] : [argument].flat();
  if (!languages.every((language) => typeof language === 'string'))
    throw new RangeError('it takes a language such as de, or a list of them');
  // Throws a RangeError for what is no language.
  return Intl.getCanonicalLocales(languages);
};

export const countryName: Transform = textTransformOf({
  description:
    'A country’s two-letter code (ISO 3166) to its English name. With a language, {countryName: de}, to its name there, and codes of three letters too. Everything else stays as it is.',
  noun: 'country',
  compile: (argument) => {
    const [language = 'en'] = readLanguages(argument);
    const names = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
    const known = new Map<string, string>();
    return (text) => {
      // Without a language only two letters count: “USA” is what many CRMs show as the name.
      const code = argument === undefined && text.trim().length !== 2 ? null : readCountryCode(text);
      if (code === null) return text;
      const before = known.get(code);
      if (before !== undefined) return before;
      const name = names.of(code) ?? code;
      // At most as many as there are countries, so the memory needs no other bound.
      known.set(code, name);
      return name;
    };
  },
});

export const countryCode: Transform = textTransformOf({
  description:
    'A country’s name in English, or in the languages of {countryCode: [de, en]}, or its code of three letters, to the one of two. What is no country fails the record.',
  noun: 'country',
  compile: (argument) => {
    const table = createNameTable(readLanguages(argument));
    return (text) => readCountryCode(text) ?? lookUpName(table, text) ?? undefined;
  },
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

export const boolean: Transform = textTransform({
  description: 'true, yes, y, on and 1 to true; false, no, n, off and 0 to false.',
  noun: 'yes or no',
  change: (text) => {
    if (/^\s*(true|yes|y|on|1)\s*$/i.test(text)) return true;
    return /^\s*(false|no|n|off|0)\s*$/i.test(text) ? false : undefined;
  },
});
