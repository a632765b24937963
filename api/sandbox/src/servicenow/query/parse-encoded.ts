export const operators = [
  'ISNOTEMPTY',
  'ISEMPTY',
  'NOT IN',
  'NOT LIKE',
  'IN',
  'STARTSWITH',
  'ENDSWITH',
  'LIKE',
  '!=',
  '>=',
  '<=',
  '=',
  '>',
  '<',
] as const;

export type Operator = (typeof operators)[number];

/** One condition as it was written; whether its field exists is not known yet. */
export type Clause =
  | { readonly isReadable: true; readonly field: string; readonly operator: Operator; readonly value: string }
  | { readonly isReadable: false; readonly text: string };

export interface OrderBy {
  readonly field: string;
  readonly isDescending: boolean;
}

export interface EncodedQuery {
  /** Rows must fit one of the groups (`^NQ`); in a group every one of the alternatives (`^`), of which one must hold (`^OR`). */
  readonly groups: readonly (readonly (readonly Clause[])[])[];
  readonly orderBy: readonly OrderBy[];
}

const clausePattern = new RegExp(`^([a-z][a-z0-9_.]*)(${operators.join('|')})([\\s\\S]*)$`);

const parseClause = (text: string): Clause => {
  const [, field, written, value = ''] = clausePattern.exec(text) ?? [];
  const operator = operators.find((each) => each === written);
  return field === undefined || operator === undefined ? { isReadable: false, text } : { isReadable: true, field, operator, value };
};

/** A caret inside of a value is written twice. */
const caretMark = '\u0000';

/** https://servicenow.github.io/sdk/guides/encoded-query-guide, and the operators: https://www.servicenow.com/docs/r/australia/platform-user-interface/r_OpAvailableFiltersQueries.html */
export const parseEncodedQuery = (text: string): EncodedQuery => {
  const groups: Clause[][][] = [[]];
  const orderBy: OrderBy[] = [];
  for (const part of text.replaceAll('^^', caretMark).split('^')) {
    const written = part.replaceAll(caretMark, '^');
    const group = groups.at(-1) ?? [];
    if (written === '' || written === 'EQ') continue;
    if (written.startsWith('ORDERBYDESC')) orderBy.push({ field: written.slice('ORDERBYDESC'.length), isDescending: true });
    else if (written.startsWith('ORDERBY')) orderBy.push({ field: written.slice('ORDERBY'.length), isDescending: false });
    else if (written.startsWith('NQ')) groups.push([[parseClause(written.slice(2))]]);
    else if (written.startsWith('OR') && group.length > 0) group.at(-1)?.push(parseClause(written.slice(2)));
    else group.push([parseClause(written)]);
  }
  return { groups, orderBy };
};
