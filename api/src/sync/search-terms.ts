import type { SearchTerm, TableName } from '../crm/types.ts';
import type { DataverseRow } from '../dataverse/types.ts';

/** What people are found by, in the order in which it tells them apart. */
const columnsOf: Readonly<Record<TableName, Readonly<Record<SearchTerm['by'], readonly string[]>>>> = {
  account: {
    email: ['emailaddress1', 'emailaddress2', 'emailaddress3'],
    phone: ['telephone1', 'telephone2', 'telephone3'],
    name: ['name'],
  },
  contact: {
    email: ['emailaddress1', 'emailaddress2', 'emailaddress3'],
    phone: ['telephone1', 'mobilephone', 'telephone2', 'telephone3'],
    name: ['fullname'],
  },
};

export const searchedColumns = (table: TableName): readonly string[] => Object.values(columnsOf[table]).flat();

const fewestDigits = 7;
const isEmail = (text: string): boolean => /^[^\s@"'<>]+@[^\s@"'<>]+$/.test(text);
const isPhone = (text: string): boolean => /^[+\d()\s./-]+$/.test(text) && text.replaceAll(/\D/g, '').length >= fewestDigits;
/** Control characters mean nothing to a person, and something to somebody's query. */
const clean = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

const fits: Readonly<Record<SearchTerm['by'], (text: string) => boolean>> = {
  email: isEmail,
  phone: isPhone,
  name: (text) => text.length >= 2,
};

/** What an agent has typed, as what it looks like. Null: too little to search for. */
export const termOf = (words: string): SearchTerm | null => {
  const text = clean(words);
  const by = (['email', 'phone', 'name'] as const).find((kind) => fits[kind](text));
  return by === undefined ? null : { by, text };
};

/** What the row itself can be searched by, each once. */
export const termsOf = (table: TableName, row: DataverseRow): readonly SearchTerm[] =>
  (['email', 'phone', 'name'] as const).flatMap((by) => {
    const texts = columnsOf[table][by].map((column) => row[column]).flatMap((value) => (typeof value === 'string' ? [clean(value)] : []));
    return [...new Set(texts)].filter(fits[by]).map((text) => ({ by, text }));
  });
