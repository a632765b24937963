import { locales } from '../../crm-data/generate/locales.ts';
import { type LoadOptions, loadRecords } from '../../crm-data/load-records.ts';
import type { Company, Keepable, Person } from '../../crm-data/types.ts';
import { userName } from './identity.ts';
import { type Instance, sysIdFrom, systemUser } from './instance.ts';
import type { Row } from './row.ts';
import { type TableDefinition, tableNamed, tables } from './tables.ts';
import { glideTime } from './time.ts';

const codes = new Map(locales.map(({ country, countryCode }) => [country, countryCode]));

const kept = (text: string | number | null | undefined): string => String(text ?? '');

const cutTo = (text: string, maxLength: number): string => (text.length <= maxLength ? text : [...text].slice(0, maxLength).join(''));

/** A row with every column of its table, text cut to fit as the database does. */
const rowOf = (table: TableDefinition, sysId: string, stamps: Row, values: Row): Row => {
  const row: Record<string, string> = {};
  for (const { element, maxLength } of table.columns) row[element] = cutTo(values[element] ?? stamps[element] ?? '', maxLength);
  row.sys_id = sysId;
  if (table.columnByName.has('sys_class_name')) row.sys_class_name = table.name;
  return row;
};

const stampsOf = ({ created_at, updated_at }: Keepable): Row => ({
  sys_created_on: glideTime(created_at),
  sys_created_by: 'admin',
  sys_updated_on: glideTime(updated_at ?? created_at),
  sys_updated_by: 'admin',
  sys_mod_count: updated_at === null ? '0' : '1',
});

const addressOf = (record: Company | Person): Row => ({
  street: kept(record.street),
  city: kept(record.city),
  state: kept(record.region),
  zip: kept(record.postal_code),
});

export const accountSysId = (companyId: string): string => sysIdFrom(`customer_account ${companyId}`);
export const contactSysId = (personId: string): string => sysIdFrom(`customer_contact ${personId}`);

const accountOf = (company: Company, at: number): Row =>
  rowOf(tableNamed('customer_account'), accountSysId(company.id), stampsOf(company), {
    ...addressOf(company),
    name: company.name,
    // What a form that nobody filled leaves behind: the default.
    country: kept(company.country) || 'USA',
    number: `ACCT${String(at + 1).padStart(7, '0')}`,
    phone: kept(company.phone),
    fax_phone: kept(company.fax),
    website: kept(company.website),
    num_employees: kept(company.employees),
    customer: 'true',
  });

/** The last word is the last name, particles or not; a single word is one. */
const namesOf = (fullName: string): Row => {
  const words = fullName.trim().split(/ +/);
  return { first_name: words.slice(0, -1).join(' '), last_name: words.at(-1) ?? '', name: fullName.trim() };
};

/** A company that does not exist leaves a reference to nothing: nobody checks here. */
const contactOf = (person: Person): Row =>
  rowOf(tableNamed('customer_contact'), contactSysId(person.id), stampsOf(person), {
    ...addressOf(person),
    ...namesOf(person.full_name),
    user_name: `contact.${person.id}`,
    country: codes.get(kept(person.country)) ?? kept(person.country),
    account: person.company_id ? accountSysId(person.company_id) : '',
    email: kept(person.email),
    phone: kept(person.phone),
    mobile_phone: kept(person.mobile),
    title: kept(person.title),
    active: 'true',
    locked_out: 'false',
  });

const installed: Row = {
  sys_created_on: '2025-01-01 00:00:00',
  sys_created_by: systemUser,
  sys_updated_on: '2025-01-01 00:00:00',
  sys_updated_by: systemUser,
  sys_mod_count: '0',
};

/** Companies and users that are no accounts and no contacts, so that the tables above them hold more. */
const vendors = ['Office Supplies Inc.', 'Fast Freight Ltd.', 'Clean & Bright GmbH'];

const dictionaryRows = (): readonly Row[] =>
  tables.flatMap((table) =>
    table.columns.map((column) =>
      rowOf(tableNamed('sys_dictionary'), sysIdFrom(`sys_dictionary ${table.name} ${column.element}`), installed, {
        name: table.name,
        element: column.element,
        column_label: column.label,
        internal_type: column.type,
        max_length: String(column.maxLength),
        mandatory: String(column.isMandatory),
        reference: column.reference ?? '',
      }),
    ),
  );

export const loadInstance = (instance: Instance, options: LoadOptions): void => {
  const { companies, people } = loadRecords(options);
  const company = tableNamed('core_company');
  const user = tableNamed('sys_user');
  instance.load('core_company', [
    ...companies.map(accountOf),
    ...vendors.map((name) => rowOf(company, sysIdFrom(`core_company ${name}`), installed, { name, country: 'USA', customer: 'false' })),
  ]);
  instance.load('sys_user', [
    ...people.map(contactOf),
    rowOf(user, sysIdFrom('sys_user integration'), installed, {
      user_name: userName,
      first_name: 'Integration',
      last_name: 'Sync',
      name: 'Integration Sync',
      active: 'true',
      locked_out: 'false',
    }),
  ]);
  instance.load('sys_dictionary', dictionaryRows());
};
