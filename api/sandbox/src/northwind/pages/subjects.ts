import { type Collection } from '../collection.ts';
import { type Crm } from '../crm.ts';
import { type CollectionName, type Company, type Keepable, type Person } from '../types.ts';
import { type Field, changedValues, companyFields, personFields } from './fields.ts';
import { type Html, html } from './html.ts';
import { companyLine, personLine } from './list-page.ts';

/** One record as its page needs it, whichever collection it is in. */
export interface Subject {
  readonly record: Keepable;
  readonly heading: string;
  readonly related: Html;
  /** false: nothing was saved, since a required field was cleared. */
  readonly save: (form: URLSearchParams) => boolean;
  readonly delete: () => void;
  readonly restore: () => void;
}

export interface SubjectKind {
  readonly collectionName: CollectionName;
  readonly kind: 'Company' | 'Person';
  readonly fields: readonly Field[];
  readonly find: (id: string) => Subject | undefined;
}

const relatedCard = (heading: string, lines: readonly Html[], whenNone: string): Html => html`
  <section class="card">
    <h2>${heading}</h2>
    ${lines.length === 0 ? html`<p>${whenNone}</p>` : html`<ul>${lines}</ul>`}
  </section>
`;

const peopleOf = (crm: Crm, company: Company): Html => {
  const people = crm.people.search({ limit: 50, isWanted: (person) => person.company_id === company.id });
  return relatedCard('People', people.map(personLine), 'Nobody is known here.');
};

const companyOf = (crm: Crm, person: Person): Html => {
  const company = person.company_id ? crm.companies.get(person.company_id) : undefined;
  const whenNone = person.company_id ? `There is no company ${person.company_id}.` : 'None.';
  return relatedCard('Company', company ? [companyLine(company)] : [], whenNone);
};

const subjectOf = <RecordType extends Keepable, Values extends object>(
  collection: Collection<RecordType, Values>,
  record: RecordType,
  rest: Pick<Subject, 'heading' | 'related'> & { readonly changesOf: (form: URLSearchParams) => Partial<Values> | undefined },
): Subject => ({
  record,
  heading: rest.heading,
  related: rest.related,
  save: (form) => {
    const changes = rest.changesOf(form);
    if (changes && Object.keys(changes).length > 0) collection.update(record, changes);
    return changes !== undefined;
  },
  delete: () => void (record.deleted_at === null && collection.delete(record)),
  restore: () => void (record.deleted_at !== null && collection.restore(record)),
});

export const companySubjects = (crm: Crm): SubjectKind => ({
  collectionName: 'companies',
  kind: 'Company',
  fields: companyFields,
  find: (id) => {
    const company = crm.companies.get(id);
    return (
      company &&
      subjectOf(crm.companies, company, {
        heading: company.name,
        related: peopleOf(crm, company),
        changesOf: (form) => changedValues(companyFields, company, form),
      })
    );
  },
});

export const personSubjects = (crm: Crm): SubjectKind => ({
  collectionName: 'people',
  kind: 'Person',
  fields: personFields,
  find: (id) => {
    const person = crm.people.get(id);
    return (
      person &&
      subjectOf(crm.people, person, {
        heading: person.full_name,
        related: companyOf(crm, person),
        changesOf: (form) => changedValues(personFields, person, form),
      })
    );
  },
});
