import { firstNumber } from './null-records.ts';

export interface WrittenRows {
  readonly rows: number;
  readonly writes: number;
}

/** How often each row was written, by the number in its key: a byte a row, so that a million of them weigh nothing. */
export interface WrittenKeys {
  /** Of the body of an `UpsertMultiple`. */
  add(body: Buffer): void;
  /** By entity set: how many rows there are, and how many writes made them. */
  counts(): Readonly<Record<string, WrittenRows>>;
}

const target = /"@odata\.id":"([a-z]+)\(ccsync_sourcekey='[^'~]*~[^']*?(\d{7})'\)"/g;
const mostNumbers = 10_000_000 - firstNumber;

interface Table {
  readonly isWritten: Uint8Array;
  rows: number;
  writes: number;
}

export const createWrittenKeys = (): WrittenKeys => {
  const tables = new Map<string, Table>();
  const tableOf = (name: string): Table => {
    const known = tables.get(name);
    if (known !== undefined) return known;
    const made: Table = { isWritten: new Uint8Array(mostNumbers), rows: 0, writes: 0 };
    tables.set(name, made);
    return made;
  };
  return {
    add(body) {
      for (const [, name = '', number] of body.toString('latin1').matchAll(target)) {
        const table = tableOf(name);
        const position = Number(number) - firstNumber;
        table.writes += 1;
        if (table.isWritten[position] === 0) table.rows += 1;
        table.isWritten[position] = 1;
      }
    },
    counts: () => Object.fromEntries([...tables].map(([name, { rows, writes }]) => [name, { rows, writes }])),
  };
};
