/**
 * The published duplicate detection rules: those that Dataverse includes for accounts, contacts and leads
 * (manage-duplicate-detection-create-update.md). Each compares one column, without regard to case and accents.
 */
import { fold } from '../store/collation.ts';
import type { Database } from '../store/database.ts';
import type { Row, RowValues } from '../store/values.ts';

export interface DuplicateRule {
  readonly name: string;
  readonly table: string;
  readonly column: string;
}

export const duplicateRules: readonly DuplicateRule[] = [
  { name: 'Accounts with the same account name', table: 'account', column: 'name' },
  { name: 'Contacts with the same e-mail address', table: 'contact', column: 'emailaddress1' },
  { name: 'Leads with the same e-mail address', table: 'lead', column: 'emailaddress1' },
];

/** The rows of the table that a rule finds the same as these values; empty values are the same as nothing. */
export function findDuplicates(database: Database, table: string, values: RowValues): readonly Row[] {
  const rules = duplicateRules.filter((rule) => rule.table === table);
  const codes = rules.map(({ column }) => ({ column, code: codeOf(values[column]) })).filter(({ code }) => code !== null);
  if (codes.length === 0) return [];
  return database
    .rows(table)
    .list()
    .filter((row) => codes.some(({ column, code }) => codeOf(row.values[column]) === code));
}

const codeOf = (value: unknown): string | null => (typeof value === 'string' ? fold(value) : null);
