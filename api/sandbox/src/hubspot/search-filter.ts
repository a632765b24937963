import { invalid } from './errors.ts';
import { type ObjectTypeDefinition, type PropertyDefinition, propertyOf } from './object-types.ts';
import { type Portal } from './portal.ts';
import { type ReadValue, readerOf } from './represent.ts';
import { type Filter, type SearchBody } from './search-query.ts';
import { type CrmObject } from './types.ts';

export type Test = (object: CrmObject) => boolean;

interface Scope {
  readonly portal: Portal;
  readonly type: ObjectTypeDefinition;
}

const knownProperty = ({ type }: Scope, name: string): PropertyDefinition => {
  const property = propertyOf(type, name);
  if (!property)
    throw invalid(`There was a problem with the request. Property '${name}' does not exist on ${type.singular.toUpperCase()}.`);
  return property;
};

const knownReader = (scope: Scope, name: string): ReadValue => {
  const { name: known } = knownProperty(scope, name);
  return readerOf(scope.portal, scope.type, known) ?? (() => null);
};

/** Moments are kept as ISO-8601, whose text order is their order: no record's moment needs to be read as one. */
const comparable = (property: PropertyDefinition, text: string): string | number => {
  if (property.type === 'number') return Number(text);
  if (property.type !== 'datetime') return text.toLowerCase();
  const moment = new Date(/^-?\d+$/.test(text) ? Number(text) : text);
  if (Number.isNaN(moment.getTime())) throw invalid(`"${text}" is no moment: milliseconds since 1970 or ISO-8601.`);
  return moment.toISOString();
};

const tokensOf = (text: string): readonly string[] => text.toLowerCase().split(/[^\p{L}\p{N}]+/u);

const neverSet = (value: string | null | undefined): boolean => value === null || value === undefined || value === '';

const compileFilter = (scope: Scope, filter: Filter): Test => {
  const property = knownProperty(scope, filter.propertyName);
  const read = knownReader(scope, property.name);
  const given = (text: string | undefined): string | number => {
    if (text === undefined) throw invalid(`The operator ${filter.operator} needs a value.`);
    return comparable(property, text);
  };
  const compare =
    (test: (value: string | number) => boolean): Test =>
    (object) => {
      const value = read(object);
      return value !== null && value !== '' && test(property.type === 'datetime' ? value : comparable(property, value));
    };
  switch (filter.operator) {
    case 'HAS_PROPERTY':
      return (object) => !neverSet(read(object));
    case 'NOT_HAS_PROPERTY':
      return (object) => neverSet(read(object));
    case 'IN':
    case 'NOT_IN': {
      const wanted = new Set((filter.values ?? []).map((value) => comparable(property, value)));
      if (wanted.size === 0) throw invalid(`The operator ${filter.operator} needs values.`);
      return compare((value) => wanted.has(value) === (filter.operator === 'IN'));
    }
    case 'CONTAINS_TOKEN':
    case 'NOT_CONTAINS_TOKEN': {
      const wanted = String(filter.value ?? '').toLowerCase();
      return compare((value) => tokensOf(String(value)).includes(wanted) === (filter.operator === 'CONTAINS_TOKEN'));
    }
    case 'BETWEEN': {
      const low = given(filter.value);
      const high = given(filter.highValue);
      return compare((value) => value >= low && value <= high);
    }
    default: {
      const wanted = given(filter.value);
      const tests = {
        LT: (value: string | number) => value < wanted,
        LTE: (value: string | number) => value <= wanted,
        GT: (value: string | number) => value > wanted,
        GTE: (value: string | number) => value >= wanted,
        EQ: (value: string | number) => value === wanted,
        NEQ: (value: string | number) => value !== wanted,
      } as const;
      return compare(tests[filter.operator]);
    }
  }
};

/** Groups are joined by OR, the filters of a group by AND; each word of `query` is looked for in the type's searched properties. */
export const compileSearch = (scope: Scope, { filterGroups = [], query = '' }: SearchBody): Test => {
  const groups = filterGroups.map(({ filters }) => filters.map((filter) => compileFilter(scope, filter)));
  const wanted = query.trim().toLowerCase();
  return (object) => {
    const isFound = groups.length === 0 || groups.some((tests) => tests.every((test) => test(object)));
    if (!isFound || wanted === '') return isFound;
    const values = scope.type.searchedProperties.map((name) => (object.values[name] ?? '').toLowerCase());
    return wanted.split(/\s+/).every((word) => values.some((value) => value.includes(word)));
  };
};

export const compileSort = (scope: Scope, { sorts = [] }: SearchBody): ((a: CrmObject, b: CrmObject) => number) | undefined => {
  const [sort] = sorts;
  if (sort === undefined) return undefined;
  const name = typeof sort === 'string' ? sort.replace(/^-/, '') : sort.propertyName;
  const isDescending = typeof sort === 'string' ? sort.startsWith('-') : sort.direction === 'DESCENDING';
  const property = knownProperty(scope, name);
  // The records come by id already.
  if (name === 'hs_object_id') return isDescending ? (a, b) => Number(b.id) - Number(a.id) : undefined;
  const read = knownReader(scope, name);
  const keyOf = (object: CrmObject): string | number => {
    const value = read(object) ?? '';
    return property.type === 'number' ? Number(value) : value;
  };
  return (a, b) => {
    const [left, right] = isDescending ? [keyOf(b), keyOf(a)] : [keyOf(a), keyOf(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  };
};
