import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { companyFacts, personFacts } from './facts.ts';
import type { Company, Person } from './types.ts';

const file = fileURLToPath(new URL('../../data/northwind-customers.csv', import.meta.url));
const columns = [
  'customerID',
  'companyName',
  'contactName',
  'contactTitle',
  'address',
  'city',
  'region',
  'postalCode',
  'country',
  'phone',
  'fax',
];

/** One import made them all, so they share a moment: a reader who asks for "later than" instead of "from" loses records. */
const companiesCreatedAt = '2025-01-15T08:00:00.000Z';
const peopleCreatedAt = '2025-01-15T08:00:01.000Z';
const firstPersonId = 100_001;

const readRows = (): readonly Readonly<Record<string, string>>[] =>
  parse<Record<string, string>>(readFileSync(file), {
    bom: true,
    columns: (header: string[]) => {
      if (header.join() !== columns.join()) throw new Error(`${file}: expected the columns ${columns.join(', ')}`);
      return header;
    },
  });

const valueOf = (text: string | undefined): string | null => (text === undefined || text === 'NULL' ? null : text);

export interface SampleData {
  readonly companies: readonly Company[];
  readonly people: readonly Person[];
}

/** The Northwind customers: each row is a company and the one person to talk to there. */
export const readSampleData = (): SampleData => {
  const rows = readRows();
  const addressOf = (row: Readonly<Record<string, string>>) => ({
    street: valueOf(row.address),
    city: valueOf(row.city),
    region: valueOf(row.region),
    postal_code: valueOf(row.postalCode),
    country: valueOf(row.country),
  });
  return {
    companies: rows.map((row, index) => ({
      id: row.customerID ?? '',
      name: row.companyName ?? '',
      ...addressOf(row),
      phone: valueOf(row.phone),
      fax: valueOf(row.fax),
      website: null,
      employees: null,
      ...companyFacts(index),
      created_at: companiesCreatedAt,
      updated_at: null,
      deleted_at: null,
    })),
    people: rows.map((row, index) => ({
      id: String(firstPersonId + index),
      company_id: valueOf(row.customerID),
      full_name: row.contactName ?? '',
      title: valueOf(row.contactTitle),
      email: null,
      phone: valueOf(row.phone),
      mobile: null,
      ...personFacts(index),
      ...addressOf(row),
      created_at: peopleCreatedAt,
      updated_at: null,
      deleted_at: null,
    })),
  };
};
