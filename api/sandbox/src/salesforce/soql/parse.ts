import { SalesforceError } from '../errors.ts';
import { parseCondition } from './parse-condition.ts';
import type { FieldGroup, OrderBy, Query } from './syntax.ts';
import { TokenReader } from './token-reader.ts';

/** https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_offset.htm */
const offsetLimit = 2_000;

const groups: readonly FieldGroup[] = ['ALL', 'STANDARD', 'CUSTOM'];

const parseGroup = (reader: TokenReader): FieldGroup => {
  reader.expect('(');
  const group = groups.find((each) => reader.take(each));
  if (!group) throw reader.unexpected();
  reader.expect(')');
  return group;
};

const parseSelect = (reader: TokenReader): Query['select'] => {
  const paths: string[] = [];
  const fieldGroups: FieldGroup[] = [];
  do {
    const word = reader.word();
    if (word.toUpperCase() === 'FIELDS' && reader.isAt('(')) fieldGroups.push(parseGroup(reader));
    else if (word.toUpperCase() === 'COUNT' && reader.take('(')) {
      reader.expect(')');
      return { kind: 'count' };
    } else paths.push(word);
  } while (reader.take(','));
  return { kind: 'fields', paths, groups: fieldGroups };
};

const parseOrder = (reader: TokenReader): OrderBy => {
  const path = reader.word();
  const isDescending = reader.take('DESC') || (reader.take('ASC'), false);
  if (!reader.take('NULLS')) return { path, isDescending, areNullsLast: false };
  const areNullsLast = reader.take('LAST');
  if (!areNullsLast) reader.expect('FIRST');
  return { path, isDescending, areNullsLast };
};

const parseOrderBy = (reader: TokenReader): readonly OrderBy[] => {
  if (!reader.take('ORDER')) return [];
  reader.expect('BY');
  const orders = [parseOrder(reader)];
  while (reader.take(',')) orders.push(parseOrder(reader));
  return orders;
};

/**
 * Reads a query in the part of SOQL that a sync needs: no aggregates but COUNT(), no subqueries, no GROUP BY, no aliases.
 * Throws MALFORMED_QUERY where the real one does, and for what is left out here.
 */
export const parseQuery = (text: string): Query => {
  const reader = new TokenReader(text);
  reader.expect('SELECT');
  const select = parseSelect(reader);
  reader.expect('FROM');
  const from = reader.word();
  const where = reader.take('WHERE') ? parseCondition(reader) : undefined;
  const orderBy = parseOrderBy(reader);
  const limit = reader.take('LIMIT') ? reader.wholeNumber() : undefined;
  const offset = reader.take('OFFSET') ? reader.wholeNumber() : undefined;
  if (reader.token.kind !== 'end') throw reader.unexpected();
  if (offset !== undefined && offset > offsetLimit) {
    throw new SalesforceError(400, 'NUMBER_OUTSIDE_VALID_RANGE', `Maximum SOQL offset allowed is ${offsetLimit}`);
  }
  return {
    select,
    from,
    orderBy,
    ...(where === undefined ? {} : { where }),
    ...(limit === undefined ? {} : { limit }),
    ...(offset === undefined ? {} : { offset }),
  };
};
