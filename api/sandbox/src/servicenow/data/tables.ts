import { type Column, column, reference, systemColumns, text } from './columns.ts';

export interface TableDefinition {
  readonly name: string;
  readonly label: string;
  /** The table that it extends: its rows are rows of that one too. */
  readonly parent?: string;
  /** With those that it has from its parent. */
  readonly columns: readonly Column[];
  readonly columnByName: ReadonlyMap<string, Column>;
  /** What stands for a row where another points to it. */
  readonly displayColumn: string;
  /** Rows that come and go through the API. */
  readonly isWritable: boolean;
}

interface Written extends Pick<TableDefinition, 'name' | 'label' | 'displayColumn' | 'isWritable'> {
  readonly parent?: TableDefinition;
  readonly own: readonly Column[];
}

const define = ({ own, parent, ...rest }: Written): TableDefinition => {
  const columns = [...(parent?.columns ?? systemColumns), ...own];
  return {
    ...rest,
    columns,
    columnByName: new Map(columns.map((each) => [each.element, each])),
    ...(parent ? { parent: parent.name } : {}),
  };
};

const className = text('sys_class_name', 80, { isWritable: false });

const coreCompany = define({
  name: 'core_company',
  label: 'Company',
  displayColumn: 'name',
  isWritable: true,
  own: [
    className,
    text('name', 80, { isMandatory: true }),
    text('street', 255),
    text('city', 50),
    text('state', 40),
    text('zip', 40),
    text('country', 40),
    column('phone', 'ph_number'),
    column('fax_phone', 'ph_number'),
    column('website', 'url'),
    column('num_employees', 'integer'),
    column('revenue_per_year', 'currency'),
    text('stock_symbol', 40),
    text('notes', 4_000),
    reference('parent', 'core_company'),
    column('customer', 'boolean'),
  ],
});

/** Of Customer Service Management: an account is a company too, as a contact is a user. */
const customerAccount = define({
  name: 'customer_account',
  label: 'Account',
  parent: coreCompany,
  displayColumn: 'name',
  isWritable: true,
  own: [
    text('number', 40),
    text('industry', 40),
    reference('account_parent', 'customer_account'),
    reference('primary_contact', 'customer_contact'),
  ],
});

const sysUser = define({
  name: 'sys_user',
  label: 'User',
  displayColumn: 'name',
  isWritable: true,
  own: [
    className,
    text('user_name', 40),
    text('first_name', 50),
    text('middle_name', 50),
    text('last_name', 50),
    text('name', 151, { isWritable: false }),
    column('email', 'email'),
    column('phone', 'ph_number'),
    column('mobile_phone', 'ph_number'),
    column('home_phone', 'ph_number'),
    text('title', 60),
    text('street', 255),
    text('city', 40),
    text('state', 40),
    text('zip', 40),
    // A code here, while a company's country is free text.
    text('country', 3),
    reference('company', 'core_company'),
    column('active', 'boolean'),
    column('locked_out', 'boolean'),
  ],
});

const customerContact = define({
  name: 'customer_contact',
  label: 'Contact',
  parent: sysUser,
  displayColumn: 'name',
  isWritable: true,
  own: [reference('account', 'customer_account')],
});

const sysAuditDelete = define({
  name: 'sys_audit_delete',
  label: 'Audit Deleted Record',
  displayColumn: 'documentkey',
  isWritable: false,
  own: [text('tablename', 80), text('documentkey', 32), text('display_value', 255)],
});

const sysProperties = define({
  name: 'sys_properties',
  label: 'System Property',
  displayColumn: 'name',
  isWritable: false,
  own: [text('name', 100), text('value', 4_000)],
});

const sysDictionary = define({
  name: 'sys_dictionary',
  label: 'Dictionary Entry',
  displayColumn: 'element',
  isWritable: false,
  own: [
    text('name', 80),
    text('element', 80),
    text('column_label', 80),
    text('internal_type', 40),
    column('max_length', 'integer'),
    column('mandatory', 'boolean'),
    text('reference', 80),
  ],
});

export const tables: readonly TableDefinition[] = [
  coreCompany,
  customerAccount,
  sysUser,
  customerContact,
  sysAuditDelete,
  sysProperties,
  sysDictionary,
];

const byName = new Map(tables.map((table) => [table.name, table]));

export const findTable = (name: string): TableDefinition | undefined => byName.get(name);

export const tableNamed = (name: string): TableDefinition => {
  const table = byName.get(name);
  if (!table) throw new Error(`There is no table ${name}.`);
  return table;
};

/** The table at the top of the line, where the rows are kept. */
export const rootOf = (table: TableDefinition): TableDefinition => (table.parent === undefined ? table : rootOf(tableNamed(table.parent)));

/** Is a row of this class a row of that table? */
export const isKindOf = (className: string, tableName: string): boolean => {
  const table = byName.get(className);
  return className === tableName || (table?.parent !== undefined && isKindOf(table.parent, tableName));
};
