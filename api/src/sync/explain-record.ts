import type { JsonValue, SourceRecord } from '../crm/types.ts';
import type { ColumnRule } from '../crm/value/types.ts';
import { isAppError } from '../errors/app-error.ts';
import type { MappingContext } from './compile-rule.ts';
import { compileMapping } from './map.ts';
import type { MappedRecord } from './types.ts';

/** What becomes of one rule's value. `unchecked`: the column is not known here, only Dataverse can say. */
export type Verdict = 'fits' | 'empty' | 'unsaid' | 'cut' | 'leftAlone' | 'lookedUp' | 'refused' | 'unfit' | 'unchecked';

/** Customer data: for the eyes of whoever asked, never stored or logged. */
export interface ExplainedRule {
  readonly columns: readonly string[];
  /** After the rule's transforms; undefined when the CRM did not send the field, or when a transform refused it. */
  readonly value: JsonValue | undefined;
  /** What would be sent, by column. */
  readonly row: Readonly<Record<string, unknown>>;
  readonly verdict: Verdict;
  /** Why, and for `refused` and `unfit` what to do. */
  readonly problem: string | null;
}

export interface ExplainedRecord {
  readonly outcome: MappedRecord['kind'];
  readonly rules: readonly ExplainedRule[];
}

type Explainer = (record: SourceRecord) => ExplainedRule;

const readSafely = (rule: ColumnRule, fields: SourceRecord['fields']): JsonValue | undefined => {
  try {
    return rule.read(fields);
  } catch {
    // Why is told by the mapping itself.
    return undefined;
  }
};

const fitted = (rule: ColumnRule, value: JsonValue | undefined, row: Readonly<Record<string, unknown>>) => {
  const elements: readonly JsonValue[] = Array.isArray(value) && rule.to.length > 1 ? value : [value ?? null];
  const cut = rule.to.flatMap((column, index) => {
    const before = elements[index];
    const after = row[column];
    return typeof before === 'string' && typeof after === 'string' && after.length < before.length
      ? [`${column}: ${before.length} characters, ${after.length} fit`]
      : [];
  });
  if (cut.length > 0) return { verdict: 'cut', problem: cut.join('; ') } as const;
  if (value === undefined) return { verdict: 'unsaid', problem: null } as const;
  if (rule.to.every((column) => row[column] === undefined)) return { verdict: 'leftAlone', problem: null } as const;
  return { verdict: rule.to.every((column) => (row[column] ?? null) === null) ? 'empty' : 'fits', problem: null } as const;
};

/** The step that the pipeline has, for one rule alone: so what is told of one column does not hide the others. */
const compileOne = (rule: ColumnRule, context: MappingContext, isComplete: boolean): Explainer => {
  const common = { columns: rule.to, row: {} };
  const isKnown = rule.lookup === undefined && rule.to.every((column) => context.description.columns.has(column));
  if (!isComplete && !isKnown) return ({ fields }) => ({ ...common, value: readSafely(rule, fields), verdict: 'unchecked', problem: null });
  try {
    const map = compileMapping({ ...context, columns: [rule] });
    return (record) => {
      const value = readSafely(rule, record.fields);
      const mapped = map({ ...record, isDeleted: false, isSkipped: false });
      if (mapped.kind === 'failed') return { ...common, value, verdict: 'refused', problem: mapped.failure.reason };
      if (mapped.kind !== 'row') return { ...common, value, verdict: 'unsaid', problem: null };
      const [lookup] = mapped.lookups;
      if (lookup !== undefined) {
        const { target, by } = lookup.lookup;
        return { ...common, value, verdict: 'lookedUp', problem: `the row of ${target.logicalName} whose ${by} is this` };
      }
      const row = JSON.parse(`{${mapped.columnsJson}}`) as Readonly<Record<string, unknown>>;
      return { ...common, value, row, ...fitted(rule, value, row) };
    };
  } catch (error) {
    if (!isAppError(error)) throw error;
    const problem = `${error.message}. ${error.help}`;
    return ({ fields }) => ({ ...common, value: readSafely(rule, fields), verdict: 'unfit', problem });
  }
};

const outcomeOf = ({ isDeleted, isSkipped }: SourceRecord, rules: readonly ExplainedRule[]): MappedRecord['kind'] => {
  if (isDeleted) return 'removed';
  if (isSkipped) return 'filtered';
  return rules.some(({ verdict }) => verdict === 'refused' || verdict === 'unfit') ? 'failed' : 'row';
};

/** Shows what map does to a record, rule by rule. `isComplete`: the description has all columns of the table. */
export const compileExplainer = (context: MappingContext, { isComplete }: { readonly isComplete: boolean }) => {
  const explainers = context.columns.map((rule) => compileOne(rule, context, isComplete));
  return (record: SourceRecord): ExplainedRecord => {
    const rules = explainers.map((explain) => explain(record));
    return { outcome: outcomeOf(record, rules), rules };
  };
};
