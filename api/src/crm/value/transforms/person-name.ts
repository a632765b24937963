import { rememberLast } from '../remember-last.ts';
import { textTransformOf, type Transform } from './transform.ts';

/** Words that begin a family name rather than end a given name. */
const particles = new Set(
  'af al av bin da das de del della den der des di do dos du el ibn la le van vander vom von zu zum zur ten ter'.split(' '),
);

/** What may follow a comma without being a given name. */
const suffixes = new Set('jr jr. sr sr. ii iii iv phd ph.d. md m.d. esq esq. mba dds'.split(' '));

export interface PersonName {
  readonly first: string | null;
  readonly last: string;
}

const orNull = (words: readonly string[]): string | null => (words.length === 0 ? null : words.join(' '));

const splitWords = (words: readonly string[], begins: ReadonlySet<string>): PersonName => {
  // The first word is never a particle: “Van Morrison” has a given name.
  const particleAt = words.findIndex((word, position) => position > 0 && position < words.length - 1 && begins.has(word.toLowerCase()));
  const lastFrom = particleAt > 0 ? particleAt : words.length - 1;
  return { first: orNull(words.slice(0, lastFrom)), last: words.slice(lastFrom).join(' ') };
};

const twoWords = /^[^\s,]+ [^\s,]+$/u;

/**
 * One field with a whole name to given and family name: “Last, First” where there is one comma, else the last word and the particles
 * before it are the family name. A single word is a family name, because Dataverse needs one.
 * It cannot be right for every name of the world; a CRM that has two fields should be read from those.
 */
export const splitPersonName = (text: string, begins: ReadonlySet<string> = particles): PersonName => {
  // Nearly all names are two words and one space, and then there is nothing to decide: a fifth of the time.
  if (twoWords.test(text)) {
    const space = text.indexOf(' ');
    return { first: text.slice(0, space), last: text.slice(space + 1) };
  }
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const [before, after] = parts;
  if (parts.length === 2 && before !== undefined && after !== undefined) {
    if (!suffixes.has(after.toLowerCase())) return { first: after.replace(/\s+/gu, ' '), last: before.replace(/\s+/gu, ' ') };
    const { first, last } = splitWords(before.split(/\s+/u), begins);
    return { first, last: `${last}, ${after}` };
  }
  return splitWords(text.trim().split(/\s+/u), begins);
};

// A mapping asks for both halves of a name, one after the other.
const splitOnce = rememberLast((text) => splitPersonName(text));

const compileSplit = (argument: unknown): ((text: string) => PersonName) => {
  if (argument === undefined) return splitOnce;
  const { particles: own } = (typeof argument === 'object' && argument !== null ? argument : {}) as { readonly particles?: unknown };
  if (!Array.isArray(own) || !own.every((word) => typeof word === 'string'))
    throw new RangeError('it takes the words that begin a family name, for example {lastName: {particles: [van, de]}}');
  const begins = new Set(own.map((word) => word.toLowerCase()));
  return rememberLast((text) => splitPersonName(text, begins));
};

export const firstName: Transform = textTransformOf({
  description: 'The given name out of a whole name: “Maria Anders” and “Anders, Maria” give Maria; a single word gives nothing.',
  noun: 'name',
  compile: (argument) => {
    const splitName = compileSplit(argument);
    return (text) => splitName(text).first;
  },
});

export const lastName: Transform = textTransformOf({
  description:
    'The family name out of a whole name, with its particles: “Ludwig van Beethoven” gives van Beethoven. {lastName: {particles: [van]}} names other particles than ours.',
  noun: 'name',
  compile: (argument) => {
    const splitName = compileSplit(argument);
    return (text) => splitName(text).last;
  },
});
