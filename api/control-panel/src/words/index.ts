import { type Words, en } from './en.ts';

/** All languages there are, the default first. */
const languages: readonly Words[] = [en];

const languageOf = (tag: string): string => tag.split('-')[0] ?? tag;

/** The first of the reader's languages that we have, else the default. */
export const wordsFor = (tags: readonly string[]): Words => {
  for (const tag of tags) {
    const found = languages.find((words) => words.language === languageOf(tag));
    if (found) return found;
  }
  return en;
};

/** Numbers and dates in the language of the texts, as the reader's region writes them. */
export const localeFor = (words: Words, tags: readonly string[]): string =>
  tags.find((tag) => languageOf(tag) === words.language) ?? words.language;

export const words: Words = wordsFor(navigator.languages);
export const locale: string = localeFor(words, navigator.languages);
