import type { Company, Person } from './types.ts';
import { generateRecords } from './generate/records.ts';
import { readSampleData } from './sample-data.ts';

export interface LoadOptions {
  /** Generated companies, beside the sample data's 42. */
  readonly accounts: number;
  /** Generated people, beside the sample data's 42. */
  readonly contacts: number;
  /** The same seed gives the same records. */
  readonly seed: number;
}

export interface LoadedRecords {
  readonly companies: readonly Company[];
  readonly people: readonly Person[];
}

/** The sample data, then the generated records: what every CRM of the sandbox is filled with. */
export const loadRecords = (options: LoadOptions): LoadedRecords => {
  const sample = readSampleData();
  const generated = generateRecords({ ...options, otherCompanyIds: sample.companies.map((company) => company.id) });
  return { companies: [...sample.companies, ...generated.companies], people: [...sample.people, ...generated.people] };
};
