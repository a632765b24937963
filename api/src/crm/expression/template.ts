import { didYouMean } from '../../yaml/did-you-mean.ts';
import type { JsonValue } from '../types.ts';
import { readCondition } from './condition.ts';
import { type FilterFunction, filterNames, findFilter, type ValueKind } from './filters.ts';
import { readPath, selectOne } from './path.ts';
import { Scanner } from './scanner.ts';
import { type NamedVariable, type TemplateScope, variableOf } from './template-variables.ts';

export interface TemplateExpression extends NamedVariable {
  readonly evaluate: (scope: TemplateScope) => JsonValue | undefined;
}

export type TemplatePart = string | TemplateExpression;

const maxArguments = 2;

const readArguments = (scanner: Scanner): readonly string[] => {
  if (!scanner.take('(')) return [];
  const found: string[] = [];
  do {
    found.push(scanner.takeString() ?? String(scanner.takeNumber() ?? scanner.fail('a filter takes text in quotes, or a number')));
  } while (found.length < maxArguments && scanner.take(','));
  scanner.expect(')');
  return found;
};

const readFilter = (scanner: Scanner, given: ValueKind): { readonly gives: ValueKind; readonly apply: FilterFunction } => {
  scanner.skipSpace();
  const name = scanner.takeName() ?? scanner.fail('after | the name of a filter is expected');
  const filter =
    findFilter(name) ?? scanner.fail(`there is no filter “${name}”${didYouMean(name, filterNames)}; there are ${filterNames.join(', ')}`);
  if (filter.takes !== 'any' && given !== 'any' && filter.takes !== given) {
    const takes = filter.takes === 'instant' ? 'points in time' : `a ${filter.takes}`;
    const is = given === 'instant' ? 'a point in time' : `a ${given}`;
    scanner.fail(`the filter “${name}” is for ${takes}, and this is ${is}`);
  }
  const values = readArguments(scanner);
  const [least, most] = filter.arguments;
  if (most === 0 && values.length > 0) scanner.fail(`the filter “${name}” takes nothing in parentheses`);
  if (values.length < least || values.length > most)
    scanner.fail(`the filter “${name}” needs ${least === 2 ? 'two values' : 'a value'} in parentheses, for example ${filter.example}`);
  return { gives: filter.gives, apply: filter.compile(...values) };
};

const readExpression = (scanner: Scanner): TemplateExpression => {
  scanner.skipSpace();
  const path = readPath(scanner, readCondition);
  const named = variableOf(scanner, path);
  const select = selectOne(path);
  let { gives } = named;
  const steps: FilterFunction[] = [];
  while (scanner.take('|')) {
    const filter = readFilter(scanner, gives);
    gives = filter.gives;
    steps.push(filter.apply);
  }
  if (gives === 'instant') scanner.fail(`say how the time is to be written, for instance {{${named.variable} | iso}}`);
  return {
    variable: named.variable,
    member: named.member,
    gives,
    evaluate: (scope) => {
      let value: JsonValue | undefined = select(scope);
      for (const step of steps) value = step(value);
      return value;
    },
  };
};

/** Text and expressions in turn. Throws `ExpressionError`. */
export const parseTemplate = (text: string): readonly TemplatePart[] => {
  const parts: TemplatePart[] = [];
  let position = 0;
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', position)) {
    if (open > position) parts.push(text.slice(position, open));
    const scanner = new Scanner(text, open + 2);
    parts.push(readExpression(scanner));
    scanner.expect('}}');
    position = scanner.position;
  }
  if (position < text.length) parts.push(text.slice(position));
  const stray = parts.find((part) => typeof part === 'string' && part.includes('}}'));
  if (stray !== undefined) new Scanner(text).fail('}} without {{');
  return parts;
};
