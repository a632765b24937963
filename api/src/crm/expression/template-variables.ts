import type { JsonObject, JsonValue } from '../types.ts';
import type { ValueKind } from './filters.ts';
import type { Path } from './path.ts';
import type { Scanner } from './scanner.ts';

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
  /** What the parents of a page of records are asked for by. */
  readonly keys?: readonly JsonValue[];
  /** The last record of the page before; `modified` in epoch ms, on the first page where the list begins. */
  readonly last?: JsonObject;
  /** Where the list is: `at` is a page number, an offset or a cursor, `size` the page size to ask for. */
  readonly page?: JsonObject;
  /** A worker's share of a list: `from` on and below `to`; numbers, or epoch ms. */
  readonly slice?: JsonObject;
  /** Where the last reading of changes ended, in the CRM's words. */
  readonly token?: string;
  /** What a person looks for. */
  readonly term?: string;
  readonly entity?: string;
  readonly fields?: readonly string[];
  /** Looked up once, by the names of `discover`. */
  readonly found?: JsonObject;
  /** Where the CRM is to post what changes. */
  readonly address?: string;
  /** The source's name in the configuration. */
  readonly source?: string;
  /** One of `each` of a webhook's resources. */
  readonly item?: JsonObject;
  /** What of a webhook's resources is there in the CRM. */
  readonly current?: JsonObject;
};

export type TemplateVariable = keyof TemplateScope;

interface VariableRule {
  readonly gives: ValueKind;
  /** What may stand behind the dot: nothing, any one name, one of these, or any path. */
  readonly parts: 'none' | 'one' | 'path' | Readonly<Record<string, ValueKind>>;
}

const plain = (gives: ValueKind): VariableRule => ({ gives, parts: 'none' });

const variables: Readonly<Record<TemplateVariable, VariableRule>> = {
  settings: { gives: 'text', parts: 'one' },
  id: plain('text'),
  ids: plain('list'),
  from: plain('instant'),
  to: plain('instant'),
  record: { gives: 'any', parts: 'path' },
  keys: plain('list'),
  last: { gives: 'text', parts: { id: 'text', modified: 'instant' } },
  page: { gives: 'any', parts: { at: 'text', size: 'text' } },
  slice: { gives: 'any', parts: { from: 'any', to: 'any' } },
  token: plain('text'),
  term: plain('text'),
  entity: plain('text'),
  fields: plain('list'),
  found: { gives: 'text', parts: 'one' },
  address: plain('text'),
  source: plain('text'),
  item: { gives: 'any', parts: 'path' },
  current: { gives: 'any', parts: 'path' },
};

const isVariable = (name: string): name is TemplateVariable => Object.hasOwn(variables, name);

/** What an expression begins with. */
export interface NamedVariable {
  readonly variable: TemplateVariable;
  /** `settings.x`, `found.x`, `last.x` and `page.x` name x; null for all other variables. */
  readonly member: string | null;
  readonly gives: ValueKind;
}

export const variableOf = (scanner: Scanner, path: Path): NamedVariable => {
  const [root, member, ...more] = path;
  if (root?.kind !== 'name' || !isVariable(root.name)) {
    return scanner.fail(`an expression begins with one of ${Object.keys(variables).join(', ')}`);
  }
  const variable = root.name;
  const { gives, parts } = variables[variable];
  if (parts === 'path') {
    return member === undefined ? scanner.fail(`a field is written as ${variable}.name`) : { variable, member: null, gives };
  }
  if (parts === 'none') return member === undefined ? { variable, member: null, gives } : scanner.fail(`“${variable}” has no parts`);
  const name = member?.kind === 'name' && more.length === 0 ? member.name : null;
  if (parts === 'one') {
    const what = variable === 'settings' ? 'a setting' : 'a look-up';
    return name === null ? scanner.fail(`${what} is written as ${variable}.name`) : { variable, member: name, gives };
  }
  const known = name === null ? undefined : new Map(Object.entries(parts)).get(name);
  if (known === undefined)
    return scanner.fail(
      `“${variable}” is written as ${Object.keys(parts)
        .map((part) => `${variable}.${part}`)
        .join(' or ')}`,
    );
  return { variable, member: name, gives: known };
};
