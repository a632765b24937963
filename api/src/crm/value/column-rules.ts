import { AppError } from '../../errors/app-error.ts';
import { compilePath } from '../expression/compile.ts';
import { isEmpty, isList } from '../expression/json.ts';
import type { Selector } from '../expression/path.ts';
import type { MappingBody } from '../manifest/schema/table.ts';
import type { JsonValue } from '../types.ts';
import { type CompiledTransform, compileTransform } from './transforms/registry.ts';
import { isPrimitive } from './transforms/transform.ts';
import type { ColumnRule } from './types.ts';

const compileOrigin = ({ from, first, const: constant }: MappingBody): Selector => {
  if (constant !== undefined) return () => constant;
  if (typeof from === 'string') return compilePath(from);
  const selectors = (from ?? first ?? []).map(compilePath);
  if (from !== undefined) {
    return (fields) => {
      const found = selectors.map((select) => select(fields));
      return found.every((value) => value === undefined) ? undefined : found.map((value) => value ?? null);
    };
  }
  return (fields) => {
    let isThere = false;
    for (const select of selectors) {
      const value = select(fields);
      if (!isEmpty(value)) return value;
      isThere ||= value !== undefined;
    }
    return isThere ? null : undefined;
  };
};

/** Several columns take the elements in turn. What is left over joins the last one, so that no line of an address is lost. */
const spread = (value: JsonValue, columnCount: number): readonly JsonValue[] => {
  const elements = isList(value) ? value : [value];
  if (elements.length < columnCount) {
    const padded = [...elements];
    while (padded.length < columnCount) padded.push(null);
    return padded;
  }
  const rest = elements.slice(columnCount - 1).filter((element) => !isEmpty(element));
  const last = rest.length > 1 ? rest.map((element) => (isPrimitive(element) ? String(element) : '')).join(', ') : (rest[0] ?? null);
  return Array.from({ length: columnCount }, (_, position) => (position < columnCount - 1 ? (elements[position] ?? null) : last));
};

const compileMapping = (mapping: MappingBody): ColumnRule => {
  const to = typeof mapping.to === 'string' ? [mapping.to] : mapping.to;
  const origin = compileOrigin(mapping);
  const steps: readonly CompiledTransform[] = (mapping.via ?? []).map(compileTransform);
  const endsFilled = steps.some(({ takesEmpty }) => takesEmpty);
  const column = to.join(', ');
  const plain: ColumnRule['read'] = (fields) => {
    const value = origin(fields);
    return value !== undefined && isEmpty(value) ? null : value;
  };
  const changed: ColumnRule['read'] = (fields) => {
    let value = origin(fields);
    if (value === undefined) return undefined;
    for (const step of steps) {
      // Empty text means the same as null in every CRM, so no transform has to know about it.
      if (isEmpty(value)) {
        if (!endsFilled) return null;
        if (!step.takesEmpty) continue;
        value = null;
      }
      value = step.apply(value);
      if (value === undefined) throw new AppError('mapping.value_refused', { column, type: step.noun });
    }
    if (isEmpty(value)) return null;
    return to.length === 1 ? value : spread(value, to.length);
  };
  const { tooLong = 'reject', whenNull = 'clear', whenInvalid, choices, epoch, lookup } = mapping;
  return {
    to,
    read: steps.length === 0 && to.length === 1 ? plain : changed,
    whenTooLong: tooLong,
    whenNull,
    ...(whenInvalid === undefined ? {} : { whenInvalid }),
    ...(choices === undefined ? {} : { choices }),
    ...(epoch === undefined ? {} : { epoch }),
    ...(lookup === undefined ? {} : { lookup: { table: lookup.table, by: lookup.by ?? null } }),
  };
};

/**
 * The `map` of a table, compiled once. `read` throws `mapping.value_refused` when a value cannot be what the mapping asks for.
 * A field that the CRM did not send gives undefined, an empty one null: the first must not clear a column, the second must.
 */
export const compileColumnRules = (map: readonly MappingBody[]): readonly ColumnRule[] => map.map(compileMapping);
