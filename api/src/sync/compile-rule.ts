import type { JsonValue, SourceRecord, TableName } from '../crm/types.ts';
import type { ColumnRule } from '../crm/value/types.ts';
import type { TableDescription } from '../dataverse/types.ts';
import { AppError, isAppError } from '../errors/app-error.ts';
import { type ColumnValue, ColumnUnfit, type ValueFitter } from './fit/column-fitter.ts';
import { compileFitter, emptyValueOf } from './fit/fit-value.ts';
import { type LookupValue, compileLookup } from './lookups.ts';

export interface MappingContext {
  readonly sourceId: string;
  readonly table: TableName;
  readonly columns: readonly ColumnRule[];
  readonly description: TableDescription;
  /** Of the tables that the mapping's lookups point to. */
  readonly targetTables: ReadonlyMap<string, TableDescription>;
  /** Columns that are filled otherwise, with what fills them. */
  readonly reserved: ReadonlyMap<string, string>;
  /** What else makes a row's content: another mark is another hash. */
  readonly contentMark?: string;
}

/** undefined, as JSON has it, is a column that is left alone. */
export type Row = Record<string, ColumnValue | null | undefined>;

/** Puts into a row what a record says. Throws an error of the registry when the record cannot be written. */
export type RuleApplier = (fields: SourceRecord['fields'], row: Row) => void;

/** What a record says about a lookup; undefined when nothing. */
export type LookupReader = (fields: SourceRecord['fields']) => LookupValue | undefined;

interface CompiledColumn {
  readonly name: string;
  readonly fit: ValueFitter;
  readonly empty: () => null;
}

const describedColumn = (name: string, { description, reserved, sourceId, table }: MappingContext) => {
  const column = description.columns.get(name);
  if (column === undefined) throw new AppError('mapping.unknown_column', { source: sourceId, table, column: name });
  const filledBy = reserved.get(name);
  if (filledBy !== undefined) throw new ColumnUnfit(`${filledBy} fills it`);
  if (!column.isValidForCreate && !column.isValidForUpdate) throw new ColumnUnfit('Dataverse fills it itself and drops what others write');
  return column;
};

/** The same for all that is wrong with a column: which mapping, which column, what. */
const explained = <Compiled>(name: string, { sourceId, table }: MappingContext, compile: () => Compiled): Compiled => {
  try {
    return compile();
  } catch (error) {
    if (!(error instanceof ColumnUnfit)) throw error;
    throw new AppError('mapping.column_unfit', { source: sourceId, table, column: name, problem: error.message });
  }
};

const compileColumn = (name: string, rule: ColumnRule, context: MappingContext): CompiledColumn =>
  explained(name, context, () => {
    const column = describedColumn(name, context);
    return { name, fit: compileFitter(column, rule), empty: emptyValueOf(column) };
  });

/** What a rule does about a value that does not fit; text that is too long has a rule of its own. */
const isExcused = (error: unknown, { whenInvalid }: ColumnRule): boolean =>
  whenInvalid !== undefined && whenInvalid !== 'reject' && isAppError(error) && error.code !== 'mapping.value_too_long';

const withExcuse = (rule: ColumnRule, columns: readonly string[], apply: RuleApplier): RuleApplier => {
  if (rule.whenInvalid === undefined || rule.whenInvalid === 'reject') return apply;
  return (fields, row) => {
    try {
      apply(fields, row);
    } catch (error) {
      if (!isExcused(error, rule)) throw error;
      for (const name of columns) row[name] = rule.whenInvalid === 'clear' ? null : undefined;
    }
  };
};

/** How a rule without a lookup fills its columns. Throws `mapping.unknown_column` or `mapping.column_unfit`. */
export const compileRule = (rule: ColumnRule, context: MappingContext): RuleApplier => {
  const columns = rule.to.map((name) => compileColumn(name, rule, context));
  const isNullKept = rule.whenNull === 'keep';
  const fill = ({ name, fit, empty }: CompiledColumn, value: JsonValue, row: Row): void => {
    if (value === null && isNullKept) return;
    row[name] = value === null ? empty() : fit(value);
  };
  const { read } = rule;
  const [only, ...others] = columns;
  if (only !== undefined && others.length === 0) {
    return withExcuse(rule, rule.to, (fields, row) => {
      const value = read(fields);
      if (value !== undefined) fill(only, value, row);
    });
  }
  return withExcuse(rule, rule.to, (fields, row) => {
    const value = read(fields);
    if (value === undefined) return;
    // Several columns take a list's elements in turn; what the list does not reach is empty, not left alone.
    const elements: readonly JsonValue[] = Array.isArray(value) ? value : [value];
    columns.forEach((column, index) => fill(column, elements[index] ?? null, row));
  });
};

/** How a rule with a lookup reads what is looked for. Throws as `compileRule` does. */
export const compileLookupRule = (rule: ColumnRule, context: MappingContext): LookupReader | null => {
  const { lookup: asked, read, whenNull } = rule;
  if (asked === undefined) return null;
  const [name = '', ...others] = rule.to;
  const lookup = explained(name, context, () => {
    if (others.length > 0) throw new ColumnUnfit('a rule with a lookup fills one column');
    if (rule.choices !== undefined || rule.epoch !== undefined) throw new ColumnUnfit('“choices” and “epoch” are not for lookups');
    return compileLookup(describedColumn(name, context), { ...rule, lookup: asked }, context);
  });
  const empty = emptyValueOf(lookup.column);
  return (fields) => {
    try {
      const value = read(fields);
      if (value === undefined || (value === null && whenNull === 'keep')) return undefined;
      return { lookup, value: value === null ? empty() : lookup.keyOf(value) };
    } catch (error) {
      if (!isExcused(error, rule)) throw error;
      return rule.whenInvalid === 'clear' ? { lookup, value: null } : undefined;
    }
  };
};
