import type { Company, Keepable, Person } from '../../crm-data/types.ts';
import { type Field, changedValues } from '../../crm-kit/pages/fields.ts';
import { type Html, html } from '../../crm-kit/pages/html.ts';
import { recordLine } from '../../crm-kit/pages/list-page.ts';
import { relatedCard } from '../../crm-kit/pages/related-card.ts';
import { createMatcher } from '../../crm-kit/pages/search.ts';
import type { Subject, SubjectKind } from '../../crm-kit/pages/subject.ts';
import type { Collection } from '../collection.ts';
import type { Crm } from '../crm.ts';
import { companyFields, personFields } from './fields.ts';

const companyLine = (company: Company): Html => recordLine('companies', company.id, company.name);
const personLine = (person: Person): Html =>
  recordLine('people', person.id, person.full_name, html`${person.title && html`<bdi>${person.title}</bdi>, `}${person.id}`);

const peopleOf = (crm: Crm, company: Company): Html => {
  const people = crm.people.search({ limit: 50, isWanted: (person) => person.company_id === company.id });
  return relatedCard('People', people.map(personLine), 'Nobody is known here.');
};

const companyOf = (crm: Crm, person: Person): Html => {
  const company = person.company_id ? crm.companies.get(person.company_id) : undefined;
  const whenNone = person.company_id ? `There is no company ${person.company_id}.` : 'None.';
  return relatedCard('Company', company ? [companyLine(company)] : [], whenNone);
};

const textIn = (record: object, fieldName: string): string => {
  const value: unknown = Reflect.get(record, fieldName);
  return typeof value === 'string' ? value : '';
};

interface KindOptions<RecordType extends Keepable, Values extends object> extends Pick<SubjectKind, 'singular' | 'plural'> {
  readonly collection: Collection<RecordType, Values>;
  readonly fields: readonly Field[];
  readonly nameOf: (record: RecordType) => string;
  readonly searchedTexts: (record: RecordType) => readonly (string | null | undefined)[];
  readonly line: (record: RecordType) => Html;
  readonly relatedTo: (record: RecordType) => Html;
  readonly changesOf: (record: RecordType, form: URLSearchParams) => Partial<Values> | undefined;
}

const kindOf = <RecordType extends Keepable, Values extends object>(options: KindOptions<RecordType, Values>): SubjectKind => {
  const { collection, singular, plural, fields } = options;
  const subjectOf = (record: RecordType): Subject => ({
    id: record.id,
    createdAt: record.created_at,
    changedAt: record.updated_at,
    deletedAt: record.deleted_at,
    heading: options.nameOf(record),
    textOf: (fieldName) => textIn(record, fieldName),
    related: options.relatedTo(record),
    save: (form) => {
      const changes = options.changesOf(record, form);
      if (changes && Object.keys(changes).length > 0) collection.update(record, changes);
      return changes !== undefined;
    },
    delete: () => void (record.deleted_at === null && collection.delete(record)),
    restore: () => void (record.deleted_at !== null && collection.restore(record)),
  });
  return {
    path: collection.name,
    singular,
    plural,
    fields,
    find: (id) => {
      const record = collection.get(id);
      return record && subjectOf(record);
    },
    search: ({ text, limit }) => {
      const contains = createMatcher(text);
      const records = collection.search({ limit, isWanted: (record) => contains(...options.searchedTexts(record)) });
      return { lines: records.map(options.line), total: collection.page({ offset: 0, limit: 0, includeDeleted: false }).total };
    },
  };
};

/** Companies and people as the pages show them. */
export const subjectKinds = (crm: Crm): readonly SubjectKind[] => [
  kindOf({
    collection: crm.companies,
    singular: 'Company',
    plural: 'Companies',
    fields: companyFields,
    nameOf: (company) => company.name,
    searchedTexts: ({ id, name, city }) => [id, name, city],
    line: companyLine,
    relatedTo: (company) => peopleOf(crm, company),
    changesOf: (company, form) => changedValues(companyFields, company, form),
  }),
  kindOf({
    collection: crm.people,
    singular: 'Person',
    plural: 'People',
    fields: personFields,
    nameOf: (person) => person.full_name,
    searchedTexts: ({ id, full_name, email, city }) => [id, full_name, email, city],
    line: personLine,
    relatedTo: (person) => companyOf(crm, person),
    changesOf: (person, form) => changedValues(personFields, person, form),
  }),
];
