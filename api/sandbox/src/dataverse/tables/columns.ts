/** Short ways to say a column, so that a table's file reads like its reference page. */
import type { ChoiceOption, ColumnDefinition, ColumnTraits, ColumnType, LookupTarget, RequiredLevel, StatusOption } from './definition.ts';

export interface ColumnExtras {
  readonly requiredLevel?: RequiredLevel;
  readonly schemaName?: string;
  readonly isValidForCreate?: boolean;
  readonly isValidForUpdate?: boolean;
  /** What a new row holds when the client says nothing. */
  readonly defaultValue?: number | boolean | string;
}

/** Set by the server alone. */
export const readOnly = { isValidForCreate: false, isValidForUpdate: false } as const;

function column(logicalName: string, displayName: string, type: ColumnType, extras: ColumnExtras = {}): ColumnDefinition {
  const traits: ColumnTraits = {
    logicalName,
    displayName,
    schemaName: extras.schemaName ?? logicalName,
    requiredLevel: extras.requiredLevel ?? 'None',
    isValidForCreate: extras.isValidForCreate ?? true,
    isValidForUpdate: extras.isValidForUpdate ?? true,
    // A publisher's columns carry its prefix; the built-in ones of these tables have none.
    isCustom: logicalName.includes('_') && !/^address\d_/.test(logicalName),
    ...(extras.defaultValue === undefined ? {} : { defaultValue: extras.defaultValue }),
  };
  return { ...traits, ...type };
}

export const text = (name: string, label: string, maxLength: number, extras?: ColumnExtras) =>
  column(name, label, { type: 'String', maxLength, format: 'Text' }, extras);

export const email = (name: string, label: string, maxLength: number, extras?: ColumnExtras) =>
  column(name, label, { type: 'String', maxLength, format: 'Email' }, extras);

export const phone = (name: string, label: string, maxLength: number, extras?: ColumnExtras) =>
  column(name, label, { type: 'String', maxLength, format: 'Phone' }, extras);

export const url = (name: string, label: string, maxLength: number, extras?: ColumnExtras) =>
  column(name, label, { type: 'String', maxLength, format: 'Url' }, extras);

export const memo = (name: string, label: string, maxLength: number, extras?: ColumnExtras) =>
  column(name, label, { type: 'Memo', maxLength }, extras);

export const integer = (name: string, label: string, range: { readonly minValue: number; readonly maxValue: number }) =>
  column(name, label, { type: 'Integer', ...range });

/** Money keeps four decimals in the database and the column's precision (two here) in what it returns. */
export const money = (name: string, label: string, range: { readonly minValue: number; readonly maxValue: number }) =>
  column(name, label, { type: 'Money', ...range, precision: 2 });

export const decimal = (
  name: string,
  label: string,
  shape: { minValue: number; maxValue: number; precision: number },
  extras?: ColumnExtras,
) => column(name, label, { type: 'Decimal', ...shape }, extras);

export const double = (name: string, label: string, shape: { minValue: number; maxValue: number; precision: number }) =>
  column(name, label, { type: 'Double', ...shape });

export const yesNo = (name: string, label: string, labels: { readonly trueLabel: string; readonly falseLabel: string }) =>
  column(name, label, { type: 'Boolean', ...labels }, { defaultValue: false });

export const dateOnly = (name: string, label: string) => column(name, label, { type: 'DateTime', format: 'DateOnly' });

export const dateAndTime = (name: string, label: string, extras?: ColumnExtras) =>
  column(name, label, { type: 'DateTime', format: 'DateAndTime' }, extras);

export const choice = (name: string, label: string, options: readonly ChoiceOption[], extras?: ColumnExtras) =>
  column(name, label, { type: 'Picklist', options }, extras);

export const lookup = (name: string, label: string, targets: readonly LookupTarget[], extras?: ColumnExtras) =>
  column(name, label, { type: 'Lookup', targets }, extras);

export const customer = (name: string, label: string, targets: readonly LookupTarget[]) =>
  column(name, label, { type: 'Customer', targets });

/** A primary key may be chosen on create and never changed. */
export const primaryId = (name: string, label: string) =>
  column(name, label, { type: 'Uniqueidentifier' }, { requiredLevel: 'SystemRequired', isValidForUpdate: false });

export const guid = (name: string, label: string) => column(name, label, { type: 'Uniqueidentifier' }, readOnly);

export const entityName = (name: string, label: string) => column(name, label, { type: 'EntityName' }, readOnly);

export const computedText = (name: string, label: string, maxLength: number) => text(name, label, maxLength, readOnly);

/** The same in every row of the table: what kind of activity it is. */
export const computedName = (name: string, label: string, value: string) =>
  column(name, label, { type: 'EntityName' }, { ...readOnly, defaultValue: value });

const activeInactive: readonly ChoiceOption[] = [
  { value: 0, label: 'Active' },
  { value: 1, label: 'Inactive' },
];

/** account and contact share these pairs: Active (0) with 1, Inactive (1) with 2. */
const activeInactiveReasons: readonly StatusOption[] = [
  { value: 1, label: 'Active', state: 0 },
  { value: 2, label: 'Inactive', state: 1 },
];

/** A new row takes the first reason of state 0, and a row that changes its state the first reason of the new one. */
export const stateAndReason = (states: readonly ChoiceOption[], reasons: readonly StatusOption[]): readonly ColumnDefinition[] => [
  column('statecode', 'Status', { type: 'State', options: states }, { requiredLevel: 'SystemRequired' }),
  column('statuscode', 'Status Reason', { type: 'Status', options: reasons }),
];

export const stateColumns: readonly ColumnDefinition[] = stateAndReason(activeInactive, activeInactiveReasons);

const toUser = (navigationProperty: string, collectionProperty: string | null = null): readonly LookupTarget[] => [
  { table: 'systemuser', navigationProperty, collectionProperty, onDelete: 'RemoveLink' },
];

export const toBusinessUnit = (navigationProperty: string): readonly LookupTarget[] => [
  { table: 'businessunit', navigationProperty, collectionProperty: null, onDelete: 'RemoveLink' },
];

const toTeam = (navigationProperty: string): readonly LookupTarget[] => [
  { table: 'team', navigationProperty, collectionProperty: null, onDelete: 'RemoveLink' },
];

/**
 * What every user-owned table carries; written by the server alone, but for the owner.
 * `owningUserCollection`: the navigation property on systemuser to the rows that the user owns, such as `user_accounts`.
 */
export const systemColumnsFor = (owningUserCollection: string | null): readonly ColumnDefinition[] => [
  dateAndTime('createdon', 'Created On', readOnly),
  dateAndTime('modifiedon', 'Modified On', readOnly),
  column('versionnumber', 'Version Number', { type: 'BigInt' }, readOnly),
  lookup('createdby', 'Created By', toUser('createdby'), readOnly),
  lookup('modifiedby', 'Modified By', toUser('modifiedby'), readOnly),
  lookup('createdonbehalfby', 'Created By (Delegate)', toUser('createdonbehalfby'), readOnly),
  lookup('modifiedonbehalfby', 'Modified By (Delegate)', toUser('modifiedonbehalfby'), readOnly),
  lookup('owninguser', 'Owning User', toUser('owninguser', owningUserCollection), readOnly),
  lookup('owningbusinessunit', 'Owning Business Unit', toBusinessUnit('owningbusinessunit'), readOnly),
  lookup('owningteam', 'Owning Team', toTeam('owningteam'), readOnly),
  column('ownerid', 'Owner', { type: 'Owner', targets: [...toUser('ownerid'), ...toTeam('ownerid')] }, { requiredLevel: 'SystemRequired' }),
];

export const systemColumns: readonly ColumnDefinition[] = systemColumnsFor(null);

/** The same for a table of the organization, whose rows belong to nobody. */
export const organizationColumns: readonly ColumnDefinition[] = systemColumns.filter(
  (column) => !/^(owner|owning)/.test(column.logicalName),
);

/** Set by the server as soon as a row holds an amount. */
export const currencyColumns: readonly ColumnDefinition[] = [
  lookup('transactioncurrencyid', 'Currency', [
    { table: 'transactioncurrency', navigationProperty: 'transactioncurrencyid', collectionProperty: null, onDelete: 'RemoveLink' },
  ]),
  decimal('exchangerate', 'Exchange Rate', { minValue: 0, maxValue: 100_000_000_000, precision: 10 }, readOnly),
];
