/** What a table does beyond its columns' types: computed names, states with their reasons, amounts with their currency. */
import type { Table } from '../tables/data-model.ts';
import type { ColumnDefinition, StatusOption } from '../tables/definition.ts';
import { invalidState } from '../web-api/errors.ts';
import { isReference, type Reference, type RowValues, type StoredValue } from './values.ts';

export const baseCurrency: Reference = { table: 'transactioncurrency', id: '0a6a4d62-0000-4000-8000-000000000840' };
export const euro: Reference = { table: 'transactioncurrency', id: '0a6a4d62-0000-4000-8000-000000000978' };

type MutableValues = Record<string, StoredValue>;

export interface RowChange {
  readonly table: Table;
  readonly id: string;
  /** The row as it is; empty on create. */
  readonly before: RowValues;
  /** The columns that the request sets, in stored form. */
  readonly changes: RowValues;
}

/** The whole row after the change, with what Dataverse fills in by itself. Throws when state and reason do not fit. */
export function applyTableRules(change: RowChange): RowValues {
  const values: MutableValues = { ...change.before, ...change.changes };
  applyState(change, values);
  applyCurrency(change, values);
  applyPrincipal(change, values);
  if (hasFullName(change.table)) values.fullname = fullName(values);
  applyParentCustomer(change, values);
  return values;
}

/** A contact's company is an account or another contact: the server keeps it once more in a column for each. */
function applyParentCustomer({ table, changes }: RowChange, values: MutableValues): void {
  const company = changes.parentcustomerid;
  if (company === undefined) return;
  for (const [column, target] of [
    ['accountid', 'account'],
    ['parentcontactid', 'contact'],
  ] as const) {
    if (!table.columnsByName.has(column)) continue;
    values[column] = isReference(company) && company.table === target ? company : null;
  }
}

const defaults = new WeakMap<Table, RowValues>();

/** What a new row of the table holds before the client's values. */
export function defaultsOf(table: Table): RowValues {
  let values = defaults.get(table);
  if (values === undefined) {
    const given: Record<string, StoredValue> = {};
    for (const { logicalName, defaultValue } of table.columns) if (defaultValue !== undefined) given[logicalName] = defaultValue;
    values = given;
    defaults.set(table, values);
  }
  return values;
}

/** People's tables, whose full name nobody can write. */
const hasFullName = (table: Table): boolean => table.columnsByName.get('fullname')?.isValidForCreate === false;

/** The environment's name format "First Name Last Name", cut like the column. */
function fullName(values: RowValues): string | null {
  const parts = [values.firstname, values.lastname].filter((part): part is string => typeof part === 'string');
  return parts.length === 0 ? null : parts.join(' ').slice(0, 160);
}

/** statecode and statuscode go in pairs; a state alone takes its first reason (0x80048408 when they do not fit). */
function applyState({ table, id, before, changes }: RowChange, values: MutableValues): void {
  const reasons = statusOptions(table.columnsByName.get('statuscode'));
  if (reasons === null) return;
  const where = `on ${table.logicalName} with Id ${id}.`;
  const state = Number(changes.statecode ?? before.statecode ?? 0);
  if (!reasons.some((reason) => reason.state === state)) throw invalidState(`${state} is not a valid state code ${where}`);

  const reason = Number(changes.statuscode ?? reasonFor(reasons, state, before.statuscode));
  const option = reasons.find((candidate) => candidate.value === reason);
  if (option === undefined) throw invalidState(`${reason} is not a valid status code ${where}`);
  if (option.state !== state) {
    const stateLabel = `${table.schemaName}State.${labelOf(table.columnsByName.get('statecode'), state)}`;
    throw invalidState(`${reason} is not a valid status code for state code ${stateLabel} ${where}`);
  }
  values.statecode = state;
  values.statuscode = reason;
}

/** The reason that the row has, if it suits the state; else the state's first. */
function reasonFor(reasons: readonly StatusOption[], state: StoredValue, present: StoredValue | undefined): StoredValue {
  const suitable = reasons.filter((reason) => reason.state === state);
  return suitable.some((reason) => reason.value === present) ? (present ?? null) : (suitable[0]?.value ?? null);
}

function labelOf(column: ColumnDefinition | undefined, state: number): string {
  const options = column?.type === 'State' ? column.options : [];
  return options.find((option) => option.value === state)?.label ?? String(state);
}

function statusOptions(column: ColumnDefinition | undefined): readonly StatusOption[] | null {
  return column?.type === 'Status' ? column.options : null;
}

/** A team is a principal, and its key is the principal's. */
function applyPrincipal({ table, id }: RowChange, values: MutableValues): void {
  if (table.logicalName === 'team') values.ownerid = id;
}

/** An amount without a currency gets the environment's base currency at rate 1. */
function applyCurrency({ table, changes }: RowChange, values: MutableValues): void {
  if ((values.transactioncurrencyid ?? null) !== null) return;
  const isAmountSet = Object.keys(changes).some((name) => table.columnsByName.get(name)?.type === 'Money' && changes[name] !== null);
  if (!isAmountSet) return;
  values.transactioncurrencyid = baseCurrency;
  values.exchangerate = 1;
}
