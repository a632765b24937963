import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export interface Migration {
  readonly id: number;
  readonly name: string;
  readonly text: string;
  /** SHA-256 of the text: a file that was edited after it had been applied somewhere is noticed there. */
  readonly checksum: string;
}

/** Append only. What is wrong in one is put right by the next. */
const files = [
  '0001-first-tables.sql',
  '0002-turns-and-environment.sql',
  '0003-daily-requests.sql',
  '0004-connections.sql',
  '0005-partitions.sql',
  '0006-removals.sql',
  '0007-verify.sql',
  '0008-failures.sql',
  '0009-schedules.sql',
  '0010-open-writes.sql',
  '0011-crm-budget.sql',
  '0012-deliveries.sql',
] as const;

const readMigration = (file: string): Migration => {
  // A checkout on Windows may have its own line ends; the change is the same.
  const text = readFileSync(new URL(file, import.meta.url), 'utf8').replaceAll('\r\n', '\n');
  return {
    id: Number(file.slice(0, 4)),
    name: file.slice(5).replace(/\.sql$/, ''),
    text,
    checksum: createHash('sha256').update(text).digest('hex'),
  };
};

export const readMigrations = (): readonly Migration[] => files.map(readMigration);
