import { isList } from '../../expression/json.ts';
import { compileInstantReader } from '../instant.ts';
import { isPrimitive, textTransformOf, type Transform } from './transform.ts';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Plain ASCII has one code unit a character, and segmenting takes a hundred times as long as cutting. */
const isAscii = /^[\x20-\x7e]*$/;

export const truncate: Transform = textTransformOf({
  description: 'Cut to so many characters as people count them, never inside of one: {truncate: 50}.',
  noun: 'text',
  compile: (argument) => {
    if (typeof argument !== 'number' || !Number.isInteger(argument) || argument < 1)
      throw new RangeError('it takes a number of characters, for example {truncate: 50}');
    return (text) => {
      if (text.length <= argument) return text;
      if (isAscii.test(text)) return text.slice(0, argument).trimEnd();
      let cut = '';
      let count = 0;
      for (const { segment } of graphemes.segment(text)) {
        if (count === argument) return cut.trimEnd();
        cut += segment;
        count += 1;
      }
      return cut;
    };
  },
});

export const split: Transform = {
  description: 'Text to a list, at a separator: {split: ";"}. Empty parts are left out.',
  noun: 'text',
  compile: (argument) => {
    if (typeof argument !== 'string' || argument === '') throw new RangeError('it takes the text to split at, for example {split: ";"}');
    return (value) => {
      if (isList(value)) return value;
      if (!isPrimitive(value)) return undefined;
      return String(value)
        .split(argument)
        .map((part) => part.trim())
        .filter((part) => part !== '');
    };
  },
};

export const element: Transform = {
  description: 'One element of a list, counted from 0: {element: 0}. Text counts as a list of one.',
  noun: 'list',
  compile: (argument) => {
    if (typeof argument !== 'number' || !Number.isInteger(argument) || argument < 0)
      throw new RangeError('it takes a position, for example {element: 0}');
    return (value) => (isList(value) ? (value[argument] ?? null) : isPrimitive(value) ? (argument === 0 ? value : null) : undefined);
  },
};

export const replace: Transform = textTransformOf({
  description: 'Texts in place of others, wherever they stand: {replace: {"&": and}}. No patterns.',
  noun: 'text',
  compile: (argument) => {
    if (typeof argument !== 'object' || argument === null || Array.isArray(argument))
      throw new RangeError('it takes a mapping, for example {replace: {"&": and}}');
    const pairs = Object.entries(argument);
    if (pairs.length === 0 || !pairs.every(([what, by]) => what !== '' && typeof by === 'string'))
      throw new RangeError('both sides of it must be text');
    return (text) => pairs.reduce((changed, [what, by]) => changed.replaceAll(what, () => String(by)), text);
  },
});

const dateOptions = (argument: unknown): { readonly formats: readonly string[]; readonly timezone: string; readonly only: boolean } => {
  const {
    format = 'iso',
    timezone = 'UTC',
    only = false,
    ...rest
  } = (typeof argument === 'object' && argument !== null ? argument : {}) as Record<string, unknown>;
  if (Object.keys(rest).length > 0) throw new RangeError(`“${Object.keys(rest)[0]}” is not known here; known are format, timezone, only`);
  if (typeof format !== 'string' || typeof timezone !== 'string' || typeof only !== 'boolean')
    throw new RangeError('format and timezone are texts, only is true or false');
  return { formats: [format], timezone, only };
};

export const date: Transform = {
  description:
    'A time as Dataverse wants it: {date: {format: "dd.MM.yyyy", timezone: Europe/Vienna, only: true}}. iso and UTC when left out; only: the day without a time.',
  noun: 'time',
  compile: (argument) => {
    const { formats, timezone, only } = dateOptions(argument);
    const read = compileInstantReader({ formats, timezone: only ? 'UTC' : timezone });
    return (value) => {
      const ms = read(value);
      if (ms === null) return null;
      if (Number.isNaN(ms)) return undefined;
      const iso = new Date(ms).toISOString();
      return only ? iso.slice(0, 10) : `${iso.slice(0, 19)}Z`;
    };
  },
};
