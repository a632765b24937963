/**
 * Parses $filter (filter-rows.md): comparisons, `and`, `or`, `not`, parentheses, text functions, and Dataverse's In, NotIn,
 * Between and NotBetween. What Dataverse itself refuses (`in`, arithmetic) is refused; lambda operators are not there yet (501).
 */
import { parseGuid } from '../store/values.ts';
import { badQuery, notImplemented } from '../web-api/errors.ts';
import { type Token, tokenize } from './filter-lexer.ts';
import { type Filter, isComparisonOperator, isTextFunction, type Literal, type Operand } from './filter-syntax.ts';

const functionNamespace = 'Microsoft.Dynamics.CRM.';
/** Deep enough for what clients build; a chain of thousands of `or` is a loop here and not a recursion. */
const deepestNesting = 200;

/** `aliases` are the query's `@name` parameters, as written. */
export function parseFilter(expression: string, aliases: ReadonlyMap<string, string>): Filter {
  const parser = createParser(expression, aliases);
  const filter = parser.parseOr(0);
  parser.expectEnd();
  return filter;
}

function createParser(expression: string, aliases: ReadonlyMap<string, string>) {
  const tokens = tokenize(expression);
  let next = 0;

  const peek = (): Token | undefined => tokens[next];
  const isWord = (word: string): boolean => peek()?.kind === 'word' && peek()?.value === word;
  const syntaxError = (): Error => badQuery(`Syntax error at position ${peek()?.position ?? expression.length} in '${expression}'.`);

  function take(kind: Token['kind']): string {
    const token = peek();
    if (token?.kind !== kind) throw syntaxError();
    next += 1;
    return token.value;
  }

  function parseOr(depth: number): Filter {
    let left = parseAnd(depth);
    while (isWord('or')) {
      next += 1;
      left = { kind: 'or', left, right: parseAnd(depth) };
    }
    return left;
  }

  function parseAnd(depth: number): Filter {
    let left = parseUnary(depth);
    while (isWord('and')) {
      next += 1;
      left = { kind: 'and', left, right: parseUnary(depth) };
    }
    return left;
  }

  function parseUnary(depth: number): Filter {
    if (depth > deepestNesting) throw badQuery('The recursion limit of the $filter has been exceeded.');
    if (isWord('not')) {
      next += 1;
      return { kind: 'not', operand: parseUnary(depth + 1) };
    }
    if (peek()?.kind === 'open') {
      next += 1;
      const inner = parseOr(depth + 1);
      take('close');
      return inner;
    }
    const isCall = peek()?.kind === 'word' && tokens[next + 1]?.kind === 'open';
    return isCall ? parseCall() : parseComparison();
  }

  function parseCall(): Filter {
    const name = take('word');
    take('open');
    if (isTextFunction(name)) {
      const path = take('word');
      take('comma');
      const pattern = take('text');
      take('close');
      return { kind: 'text', name, path, pattern };
    }
    if (/\/(any|all)$/.test(name)) throw notImplemented(`The "${name.split('/').at(-1) ?? ''}" operator`);
    if (!name.startsWith(functionNamespace)) throw badQuery(`An unknown function with name '${name}' was found.`);
    const args = parseNamedArguments();
    const shortName = name.slice(functionNamespace.length);
    const path = args.get('PropertyName');
    const values = args.get('PropertyValues');
    if (typeof path !== 'string') throw badQuery(`The function '${name}' needs the parameter 'PropertyName'.`);
    if (!['In', 'NotIn', 'Between', 'NotBetween'].includes(shortName)) throw notImplemented(`The "${name}" function`);
    if (values === undefined || typeof values === 'string') throw badQuery(`The function '${name}' needs the parameter 'PropertyValues'.`);
    const isNegated = shortName.startsWith('Not');
    if (shortName.endsWith('In')) return { kind: 'in', path, values, isNegated };
    const [low, high] = values;
    if (low === undefined || high === undefined || values.length !== 2) throw badQuery(`The function '${name}' needs two values.`);
    return { kind: 'between', path, low, high, isNegated };
  }

  /** `PropertyName='x',PropertyValues=["a"])`, each value in place or by alias. */
  function parseNamedArguments(): ReadonlyMap<string, string | readonly string[]> {
    const args = new Map<string, string | readonly string[]>();
    do {
      const name = take('word');
      take('equals');
      args.set(name, readArgument());
    } while (peek()?.kind === 'comma' && take('comma') !== '');
    take('close');
    return args;
  }

  function readArgument(): string | readonly string[] {
    const token = peek();
    next += 1;
    if (token?.kind === 'text') return token.value;
    if (token?.kind === 'json') return parseJsonList(token.value);
    if (token?.kind === 'word' && token.value.startsWith('@')) {
      const alias = aliases.get(token.value);
      if (alias === undefined) throw badQuery(`The parameter alias '${token.value}' has no value.`);
      return alias.trim().startsWith('[')
        ? parseJsonList(alias)
        : alias
            .trim()
            .replace(/^'(.*)'$/s, '$1')
            .replaceAll("''", "'");
    }
    next -= 1;
    throw syntaxError();
  }

  function parseComparison(): Filter {
    const left = parseOperand();
    const operator = take('word');
    if (operator === 'in') throw badQuery('The query node In is not supported.');
    if (!isComparisonOperator(operator)) throw badQuery(`Unrecognized operator '${operator}' in '${expression}'.`);
    return { kind: 'compare', operator, left, right: parseOperand() };
  }

  function parseOperand(): Operand {
    const token = peek();
    if (token?.kind === 'text') {
      next += 1;
      return { kind: 'literal', literal: { type: 'string', value: token.value } };
    }
    const word = take('word');
    // An enumeration's literal, as metadata queries have them: Microsoft.Dynamics.CRM.AttributeTypeCode'String'.
    if (word.startsWith(functionNamespace) && peek()?.kind === 'text') {
      return { kind: 'literal', literal: { type: 'string', value: take('text') } };
    }
    const aliased = word.startsWith('@') ? aliases.get(word) : undefined;
    const source = aliased ?? word;
    const literal = aliased?.startsWith("'") ? textLiteral(aliased) : parseLiteral(source);
    return literal === null ? { kind: 'property', path: source } : { kind: 'literal', literal };
  }

  return {
    parseOr,
    expectEnd() {
      if (peek() !== undefined) throw syntaxError();
    },
  };
}

const textLiteral = (quoted: string): Literal => ({ type: 'string', value: quoted.slice(1, -1).replaceAll("''", "'") });

/** null: the word is the name of a property. */
function parseLiteral(word: string): Literal | null {
  if (word === 'null') return { type: 'null', value: null };
  if (word === 'true' || word === 'false') return { type: 'boolean', value: word === 'true' };
  const guid = parseGuid(word);
  if (guid !== null) return { type: 'guid', value: guid };
  if (/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(word)) return { type: 'number', value: Number(word) };
  if (/^\d{4}-\d{2}-\d{2}$/.test(word)) return { type: 'date', value: word };
  if (/^\d{4}-\d{2}-\d{2}T/.test(word)) {
    if (Number.isNaN(Date.parse(word))) throw badQuery(`Unrecognized 'Edm.DateTimeOffset' literal '${word}'.`);
    return { type: 'datetime', value: word };
  }
  if (/^[A-Za-z_]/.test(word)) return null;
  throw badQuery(`Unrecognized literal '${word}'.`);
}

/** Values may be in double quotes, or in single ones when none is inside (filter-rows.md, "Manage single quotes"). */
function parseJsonList(text: string): readonly string[] {
  const json = text.includes('"') ? text : text.replaceAll("'", '"');
  let list: unknown;
  try {
    list = JSON.parse(json);
  } catch {
    throw badQuery(
      "Invalid JSON. A comma character ',' was expected in scope 'Array'. Every two elements in an array and properties of an object " +
        'must be separated by commas.',
    );
  }
  if (!Array.isArray(list)) throw badQuery('Invalid JSON. An array was expected.');
  return list.map((value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)));
}
