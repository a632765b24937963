/**
 * Parses $filter (filter-rows.md): comparisons, `and`, `or`, `not`, parentheses, text functions, Dataverse's query functions and the
 * lambda operators. What Dataverse itself refuses (`in`, arithmetic) is refused.
 */
import { badQuery } from '../web-api/errors.ts';
import { type Token, tokenize } from './filter-lexer.ts';
import { isQuoted, parseJsonList, parseLiteral, unquote } from './filter-literals.ts';
import { type Filter, isComparisonOperator, isTextFunction, type Operand } from './filter-syntax.ts';
import { type FunctionArguments, functionFilter, functionNamespace } from './function-call.ts';

/** Deep enough for what clients build; a chain of thousands of `or` is a loop here and not a recursion. */
const deepestNesting = 200;

/** `aliases` are the query's `@name` parameters, as written; null where the page allows none, as inside of $expand. */
export function parseFilter(expression: string, aliases: ReadonlyMap<string, string> | null): Filter {
  const parser = createParser(expression, aliases);
  const filter = parser.parseOr(0);
  parser.expectEnd();
  return filter;
}

function createParser(expression: string, aliases: ReadonlyMap<string, string> | null) {
  const tokens: Token[] = [...tokenize(expression)];
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
    return isCall ? parseCall(depth) : parseComparison();
  }

  function parseCall(depth: number): Filter {
    const name = take('word');
    take('open');
    if (isTextFunction(name)) {
      const path = takeText('a property');
      take('comma');
      const pattern = takeText('text');
      take('close');
      return { kind: 'text', name, path, pattern };
    }
    const lambda = /^(.+)\/(any|all)$/.exec(name);
    if (lambda !== null) return parseLambda({ path: lambda[1] ?? '', quantifier: lambda[2] === 'any' ? 'any' : 'all' }, depth);
    if (!name.startsWith(functionNamespace)) throw badQuery(`An unknown function with name '${name}' was found.`);
    return functionFilter(name, parseNamedArguments());
  }

  /** The name of a property, or text in quotes; either may stand in an alias. */
  function takeText(wanted: 'a property' | 'text'): string {
    const token = peek();
    const source = token?.kind === 'word' && token.value.startsWith('@') ? aliasValue(token.value) : null;
    if (source === null) return take(wanted === 'text' ? 'text' : 'word');
    if (isQuoted(source) !== (wanted === 'text')) throw syntaxError();
    next += 1;
    return wanted === 'text' ? unquote(source) : source;
  }

  /** `any()`, or `any(c:…)`, where the variable and what follows its colon may have come as one word. */
  function parseLambda({ path, quantifier }: { readonly path: string; readonly quantifier: 'any' | 'all' }, depth: number): Filter {
    if (quantifier === 'any' && peek()?.kind === 'close') {
      next += 1;
      return { kind: 'lambda', quantifier, path, condition: null };
    }
    const head = peek();
    const match = head?.kind === 'word' ? /^([A-Za-z_]\w*):(.*)$/s.exec(head.value) : null;
    if (head === undefined || match === null) throw syntaxError();
    const [, variable = '', rest = ''] = match;
    if (rest === '') next += 1;
    else tokens[next] = { kind: 'word', value: rest, position: head.position + variable.length + 1 };
    const filter = parseOr(depth + 1);
    take('close');
    return { kind: 'lambda', quantifier, path, condition: { variable, filter } };
  }

  /** `PropertyName='x',PropertyValues=["a"])`, each value in place or by alias. */
  function parseNamedArguments(): FunctionArguments {
    const args = new Map<string, string | readonly string[]>();
    do {
      const name = take('word');
      take('equals');
      if (args.has(name)) throw badQuery(`The parameter '${name}' is given twice.`);
      args.set(name, readArgument());
    } while (peek()?.kind === 'comma' && take('comma') !== '');
    take('close');
    return args;
  }

  function readArgument(): string | readonly string[] {
    const token = peek();
    if (token?.kind === 'text') return take('text');
    if (token?.kind === 'json') return parseJsonList(take('json'));
    const word = take('word');
    if (!word.startsWith('@')) return word;
    const alias = aliasValue(word).trim();
    if (alias.startsWith('[')) return parseJsonList(alias);
    return isQuoted(alias) ? unquote(alias) : alias;
  }

  /** An alias without a value is null (overview.md, "Use parameter aliases with query options"). */
  function aliasValue(name: string): string {
    if (aliases === null) throw badQuery(`The parameter alias '${name}' cannot be used inside the $expand option.`);
    return aliases.get(name) ?? 'null';
  }

  function parseComparison(): Filter {
    const left = parseOperand();
    const operator = take('word');
    if (operator === 'in') throw badQuery('The query node In is not supported.');
    if (!isComparisonOperator(operator)) throw badQuery(`Unrecognized operator '${operator}' in '${expression}'.`);
    return { kind: 'compare', operator, left, right: parseOperand() };
  }

  function parseOperand(): Operand {
    if (peek()?.kind === 'text') return { kind: 'literal', literal: { type: 'string', value: take('text') } };
    const word = take('word');
    // An enumeration's literal, as metadata queries have them: Microsoft.Dynamics.CRM.AttributeTypeCode'String'.
    if (word.startsWith(functionNamespace) && peek()?.kind === 'text') {
      return { kind: 'literal', literal: { type: 'string', value: take('text') } };
    }
    const source = word.startsWith('@') ? aliasValue(word).trim() : word;
    if (isQuoted(source)) return { kind: 'literal', literal: { type: 'string', value: unquote(source) } };
    const literal = parseLiteral(source);
    return literal === null ? { kind: 'property', path: source } : { kind: 'literal', literal };
  }

  return {
    parseOr,
    expectEnd() {
      if (peek() !== undefined) throw syntaxError();
    },
  };
}
