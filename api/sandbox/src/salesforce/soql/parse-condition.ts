import type { Comparison, Condition, Literal } from './syntax.ts';
import type { TokenReader } from './token-reader.ts';

const comparisons: Readonly<Record<string, Comparison>> = { '=': '=', '!=': '!=', '<>': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=' };

const parseLiteral = (reader: TokenReader): Literal => {
  const { kind, text } = reader.token;
  if (kind === 'string' || kind === 'number' || kind === 'datetime' || kind === 'date') return { kind, text: reader.next().text };
  if (reader.take('NULL')) return { kind: 'null', text };
  if (reader.isAt('TRUE') || reader.isAt('FALSE')) return { kind: 'boolean', text: reader.next().text.toLowerCase() };
  throw reader.unexpected();
};

const parseList = (reader: TokenReader): readonly Literal[] => {
  reader.expect('(');
  const literals = [parseLiteral(reader)];
  while (reader.take(',')) literals.push(parseLiteral(reader));
  reader.expect(')');
  return literals;
};

const parseComparison = (reader: TokenReader): Condition => {
  const path = reader.word();
  if (reader.take('LIKE')) return { kind: 'compare', path, comparison: 'LIKE', literals: [parseLiteral(reader)] };
  if (reader.take('IN')) return { kind: 'compare', path, comparison: 'IN', literals: parseList(reader) };
  if (reader.take('NOT')) {
    reader.expect('IN');
    return { kind: 'compare', path, comparison: 'NOT IN', literals: parseList(reader) };
  }
  const comparison = comparisons[reader.token.text];
  if (reader.token.kind !== 'symbol' || comparison === undefined) throw reader.unexpected();
  reader.next();
  return { kind: 'compare', path, comparison, literals: [parseLiteral(reader)] };
};

const parseTerm = (reader: TokenReader): Condition => {
  if (reader.take('NOT')) return { kind: 'not', part: parseTerm(reader) };
  if (!reader.take('(')) return parseComparison(reader);
  const condition = parseCondition(reader);
  reader.expect(')');
  return condition;
};

/**
 * AND and OR may not stand side by side without parentheses: Salesforce calls that a malformed query.
 * https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_logicaloperators.htm
 */
export const parseCondition = (reader: TokenReader): Condition => {
  const parts = [parseTerm(reader)];
  const word = reader.isAt('AND') ? 'AND' : 'OR';
  while (reader.take(word)) parts.push(parseTerm(reader));
  const [first] = parts;
  if (first && parts.length === 1) return first;
  return { kind: word === 'AND' ? 'and' : 'or', parts };
};
