import { type Field as PageField, changedValues } from '../crm-kit/pages/fields.ts';
import type { Html } from '../crm-kit/pages/html.ts';
import { recordLine } from '../crm-kit/pages/list-page.ts';
import { relatedCard } from '../crm-kit/pages/related-card.ts';
import { createMatcher } from '../crm-kit/pages/search.ts';
import type { Subject, SubjectKind } from '../crm-kit/pages/subject.ts';
import { findObject } from './data/objects.ts';
import type { Org } from './data/org.ts';
import { type SObject, valueOf } from './data/sobject.ts';
import { readValues } from './rest/read-values.ts';

const shownFields: Readonly<Record<'Account' | 'Contact', readonly string[]>> = {
  Account: [
    'Name',
    'AccountNumber',
    'Phone',
    'Fax',
    'Website',
    'BillingStreet',
    'BillingCity',
    'BillingState',
    'BillingPostalCode',
    'BillingCountry',
  ],
  Contact: [
    'FirstName',
    'LastName',
    'Title',
    'Email',
    'Phone',
    'MobilePhone',
    'AccountId',
    'MailingStreet',
    'MailingCity',
    'MailingState',
    'MailingPostalCode',
    'MailingCountry',
  ],
};

const textIn = (record: SObject, name: string): string => {
  const value = valueOf(record, name);
  return typeof value === 'string' ? value : '';
};

const lineOf = (object: string, record: SObject): Html => recordLine(object, record.Id, textIn(record, 'Name'));

const relatedTo = (org: Org, object: string, record: SObject): Html => {
  if (object === 'Account') {
    const contacts = org.all('Contact').filter((each) => !each.IsDeleted && valueOf(each, 'AccountId') === record.Id);
    return relatedCard(
      'Contacts',
      contacts.slice(0, 50).map((each) => lineOf('Contact', each)),
      'Nobody is known here.',
    );
  }
  const account = org.get('Account', textIn(record, 'AccountId'));
  return relatedCard('Account', account ? [lineOf('Account', account)] : [], 'None.');
};

const kindOf = (org: Org, name: 'Account' | 'Contact'): SubjectKind => {
  const object = findObject(name);
  if (!object) throw new Error(`There is no object ${name}.`);
  const fields = shownFields[name].map((fieldName): PageField => {
    const field = object.fieldByName.get(fieldName.toLowerCase());
    return {
      name: fieldName,
      label: field?.label ?? fieldName,
      isMultiLine: field?.type === 'textarea',
      isRequired: object.required.includes(fieldName),
    };
  });
  const subjectOf = (record: SObject): Subject => ({
    id: record.Id,
    createdAt: record.CreatedDate,
    changedAt: record.LastModifiedDate === record.CreatedDate ? null : record.LastModifiedDate,
    deletedAt: record.IsDeleted ? record.SystemModstamp : null,
    heading: textIn(record, 'Name'),
    textOf: (fieldName) => textIn(record, fieldName),
    related: relatedTo(org, name, record),
    save: (form) => {
      const before = Object.fromEntries(fields.map((field) => [field.name, textIn(record, field.name)]));
      const changes = changedValues(fields, before, form);
      if (changes && Object.keys(changes).length > 0) org.update(name, [record], readValues(org, object, changes));
      return changes !== undefined;
    },
    delete: () => void (!record.IsDeleted && org.delete(name, record)),
    restore: () => void (record.IsDeleted && org.undelete(name, record)),
  });
  return {
    path: name,
    singular: name,
    plural: object.labelPlural,
    fields,
    find: (id) => {
      const record = org.get(name, id);
      return record && subjectOf(record);
    },
    search: ({ text, limit }) => {
      const contains = createMatcher(text);
      const live = org.all(name).filter((record) => !record.IsDeleted);
      const searched = ['Id', 'Name', 'Email', 'BillingCity', 'MailingCity'];
      const lines: Html[] = [];
      for (const record of live) {
        if (lines.length >= limit) break;
        if (contains(...searched.map((field) => textIn(record, field)))) lines.push(lineOf(name, record));
      }
      return { lines, total: live.length };
    },
  };
};

/** Accounts and contacts as the pages for people show them; `/{id}` alone leads to either, as in the real one. */
export const subjectKinds = (org: Org): readonly SubjectKind[] => [kindOf(org, 'Account'), kindOf(org, 'Contact')];
