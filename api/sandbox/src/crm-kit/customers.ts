import { generateRecords } from '../northwind/generate/records.ts';
import { readSampleData } from '../northwind/sample-data.ts';
import { type Company, type Person } from '../northwind/types.ts';

export interface CustomersWanted {
  /** Generated ones, beside the sample data's 42. */
  readonly accounts: number;
  readonly contacts: number;
  readonly seed: number;
}

export interface Customers {
  readonly companies: readonly Company[];
  readonly people: readonly Person[];
}

/** The same customers that Northwind has, for a CRM that gives them ids and fields of its own. */
export const loadCustomers = ({ accounts, contacts, seed }: CustomersWanted): Customers => {
  const sample = readSampleData();
  const generated = generateRecords({ accounts, contacts, seed, otherCompanyIds: sample.companies.map(({ id }) => id) });
  return { companies: [...sample.companies, ...generated.companies], people: [...sample.people, ...generated.people] };
};
