import type { JsonObject, JsonValue } from '../types.ts';
import { readCondition } from './condition.ts';
import { type FilterFunction, filterNames, findFilter, type ValueKind } from './filters.ts';
import { type Path, readPath, selectOne } from './path.ts';
import { Scanner } from './scanner.ts';

/**
 * What `{{…}}` in a template may name. Which of them are there depends on where the template stands.
 * A type, not an interface, so that paths can walk it like any other plain data.
 */
export type TemplateScope = {
  readonly settings?: JsonObject;
  readonly id?: string;
  readonly ids?: readonly string[];
  /** The change window, epoch ms. */
  readonly from?: number;
  readonly to?: number;
  readonly record?: JsonObject;
};

export type TemplateVariable = keyof TemplateScope;

const variableKinds: Readonly<Record<TemplateVariable, ValueKind>> = {
  settings: 'text',
  id: 'text',
  ids: 'list',
  from: 'instant',
  to: 'instant',
  record: 'any',
};

const isVariable = (name: string): name is TemplateVariable => Object.hasOwn(variableKinds, name);

export interface TemplateExpression {
  readonly variable: TemplateVariable;
  /** `settings.x` names x; null for all other variables. */
  readonly setting: string | null;
  readonly gives: ValueKind;
  readonly evaluate: (scope: TemplateScope) => JsonValue | undefined;
}

export type TemplatePart = string | TemplateExpression;

const variableOf = (scanner: Scanner, path: Path): { readonly variable: TemplateVariable; readonly setting: string | null } => {
  const [root, member, ...more] = path;
  if (root?.kind !== 'name' || !isVariable(root.name)) {
    return scanner.fail(`an expression begins with one of ${Object.keys(variableKinds).join(', ')}`);
  }
  const isPlain = member === undefined;
  if (root.name === 'settings') {
    if (member?.kind !== 'name' || more.length > 0) return scanner.fail('a setting is written as settings.name');
    return { variable: root.name, setting: member.name };
  }
  if (root.name === 'record' ? isPlain : !isPlain) {
    return scanner.fail(root.name === 'record' ? 'a field is written as record.name' : `“${root.name}” has no parts`);
  }
  return { variable: root.name, setting: null };
};

const readFilter = (scanner: Scanner, given: ValueKind): { readonly gives: ValueKind; readonly apply: FilterFunction } => {
  scanner.skipSpace();
  const name = scanner.takeName() ?? scanner.fail('after | the name of a filter is expected');
  const filter = findFilter(name) ?? scanner.fail(`there is no filter “${name}”; there are ${filterNames.join(', ')}`);
  if (filter.takes !== 'any' && given !== 'any' && filter.takes !== given) {
    scanner.fail(`the filter “${name}” is for ${filter.takes === 'instant' ? 'points in time' : `a ${filter.takes}`}, this is ${given}`);
  }
  let argument = '';
  if (scanner.take('(')) {
    argument = scanner.takeString() ?? String(scanner.takeNumber() ?? scanner.fail('a filter takes text in quotes, or a number'));
    scanner.expect(')');
    if (filter.argument === 'none') scanner.fail(`the filter “${name}” takes nothing in parentheses`);
  } else if (filter.argument === 'text') scanner.fail(`the filter “${name}” needs a value in parentheses`);
  return { gives: filter.gives, apply: filter.compile(argument) };
};

const readExpression = (scanner: Scanner): TemplateExpression => {
  scanner.skipSpace();
  const path = readPath(scanner, readCondition);
  const { variable, setting } = variableOf(scanner, path);
  const select = selectOne(path);
  let gives = variableKinds[variable];
  const steps: FilterFunction[] = [];
  while (scanner.take('|')) {
    const filter = readFilter(scanner, gives);
    gives = filter.gives;
    steps.push(filter.apply);
  }
  if (gives === 'instant') scanner.fail(`say how the time is to be written, for instance {{${variable} | iso}}`);
  return {
    variable,
    setting,
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
