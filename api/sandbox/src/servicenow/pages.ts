import { type Field, changedValues } from '../crm-kit/pages/fields.ts';
import type { Html } from '../crm-kit/pages/html.ts';
import { recordLine } from '../crm-kit/pages/list-page.ts';
import { relatedCard } from '../crm-kit/pages/related-card.ts';
import { createMatcher } from '../crm-kit/pages/search.ts';
import type { Subject, SubjectKind } from '../crm-kit/pages/subject.ts';
import type { Instance } from './data/instance.ts';
import { type Row, valueOf } from './data/row.ts';
import { tableNamed } from './data/tables.ts';
import { readValues } from './rest/write-values.ts';

type TableName = 'customer_account' | 'customer_contact';

const addressElements = ['street', 'city', 'state', 'zip', 'country'] as const;
const shownElements: Readonly<Record<TableName, readonly string[]>> = {
  customer_account: ['name', 'number', 'phone', 'fax_phone', 'website', ...addressElements],
  customer_contact: ['first_name', 'last_name', 'title', 'email', 'phone', 'mobile_phone', 'account', ...addressElements],
};
const requiredElements: Readonly<Record<TableName, string>> = { customer_account: 'name', customer_contact: 'last_name' };

const lineOf = (table: TableName, row: Row): Html => recordLine(table, valueOf(row, 'sys_id'), valueOf(row, 'name'));

const firstRows = (rows: Iterable<Row>, limit: number, isWanted: (row: Row) => boolean): readonly Row[] => {
  const found: Row[] = [];
  for (const row of rows) {
    if (found.length >= limit) break;
    if (isWanted(row)) found.push(row);
  }
  return found;
};

const relatedTo = (instance: Instance, name: TableName, row: Row): Html => {
  if (name === 'customer_account') {
    const contacts = firstRows(
      instance.rowsOf(tableNamed('customer_contact')),
      50,
      (each) => valueOf(each, 'account') === valueOf(row, 'sys_id'),
    );
    return relatedCard(
      'Contacts',
      contacts.map((each) => lineOf('customer_contact', each)),
      'Nobody is known here.',
    );
  }
  const account = instance.get(tableNamed('customer_account'), valueOf(row, 'account'));
  const whenNone = valueOf(row, 'account') === '' ? 'None.' : 'The account that it points to is gone.';
  return relatedCard('Account', account ? [lineOf('customer_account', account)] : [], whenNone);
};

const isoTime = (glide: string): string => `${glide.replace(' ', 'T')}.000Z`;

const kindOf = (instance: Instance, name: TableName): SubjectKind => {
  const table = tableNamed(name);
  const fields = shownElements[name].map(
    (element): Field => ({
      name: element,
      label: table.columnByName.get(element)?.label ?? element,
      isMultiLine: element === 'street',
      isRequired: element === requiredElements[name],
    }),
  );
  const subjectOf = (row: Row): Subject => ({
    id: valueOf(row, 'sys_id'),
    createdAt: isoTime(valueOf(row, 'sys_created_on')),
    changedAt: valueOf(row, 'sys_mod_count') === '0' ? null : isoTime(valueOf(row, 'sys_updated_on')),
    deletedAt: null,
    heading: valueOf(row, 'name'),
    textOf: (element) => valueOf(row, element),
    related: relatedTo(instance, name, row),
    save: (form) => {
      const changes = changedValues(fields, row, form);
      if (changes) instance.update(table, row, readValues(table, changes), { by: 'admin' });
      return changes !== undefined;
    },
    delete: () => instance.delete(table, row, 'admin'),
    restore: () => undefined,
  });
  return {
    path: name,
    singular: table.label,
    plural: `${table.label}s`,
    fields,
    find: (id) => {
      const row = instance.get(table, id);
      return row && subjectOf(row);
    },
    search: ({ text, limit }) => {
      const contains = createMatcher(text);
      const rows = firstRows(instance.rowsOf(table), limit, (row) =>
        contains(...['sys_id', 'name', 'email', 'city'].map((element) => valueOf(row, element))),
      );
      return { lines: rows.map((row) => lineOf(name, row)), total: instance.rowsOf(table).length };
    },
  };
};

/** Accounts and contacts as the pages for people show them. A deleted one is gone: there is no bin here. */
export const subjectKinds = (instance: Instance): readonly SubjectKind[] => [
  kindOf(instance, 'customer_account'),
  kindOf(instance, 'customer_contact'),
];
