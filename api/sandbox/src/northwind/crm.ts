import { Collection } from './collection.ts';
import { byNumber, byText } from '../crm-kit/id-order.ts';
import type { Company, CompanyValues, Person, PersonValues } from '../crm-data/types.ts';
import type { Change } from './types.ts';

export interface Crm {
  readonly companies: Collection<Company, CompanyValues>;
  readonly people: Collection<Person, PersonValues>;
}

export interface CrmOptions {
  readonly companies: readonly Company[];
  readonly people: readonly Person[];
  readonly now: () => Date;
  readonly onChange: (change: Change) => void;
}

const counter = (first: number): (() => number) => {
  let next = first;
  return () => {
    next += 1;
    return next - 1;
  };
};

/** A record's number stays clear of the ids beyond 2^53 that some generated people have. */
const highestOrdinaryId = (people: readonly Person[]): number =>
  people.reduce((highest, { id }) => (id.length < 16 ? Math.max(highest, Number(id)) : highest), 100_000);

export const createCrm = ({ companies, people, now, onChange }: CrmOptions): Crm => {
  const nextCompany = counter(1);
  const nextPerson = counter(highestOrdinaryId(people) + 1);
  const crm: Crm = {
    companies: new Collection<Company, CompanyValues>({
      name: 'companies',
      idOrder: byText,
      records: companies,
      nextId: () => {
        for (;;) {
          const id = `NEW${String(nextCompany()).padStart(5, '0')}`;
          if (!crm.companies.get(id)) return id;
        }
      },
      build: (id, values, stamps) => ({ id, ...values, ...stamps }),
      now,
      onChange,
    }),
    people: new Collection<Person, PersonValues>({
      name: 'people',
      idOrder: byNumber,
      records: people,
      nextId: () => String(nextPerson()),
      build: (id, values, stamps) => ({ id, ...values, ...stamps }),
      now,
      onChange,
    }),
  };
  return crm;
};
