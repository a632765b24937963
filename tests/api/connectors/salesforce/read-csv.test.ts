import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { readCsv } from '../../../../api/connectors/salesforce/read-csv.ts';

/** Signs that mean something in CSV, and some that do not. */
const value = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ' ', 'a', 'é', '€', '😀', '\ufeff'), maxLength: 8 });
const table = fc
  .integer({ min: 1, max: 4 })
  .chain((width) => fc.array(fc.array(value, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }));
const lineEnd = fc.constantFrom('\n', '\r\n');

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const asNeeded = (text: string): string => (/[",\r\n\ufeff]/.test(text) ? quoted(text) : text);

const write = (rows: readonly (readonly string[])[], end: string, cell: (text: string) => string): string =>
  rows.map((row) => row.map(cell).join(',') + end).join('');

describe('comma-separated values', () => {
  it('come back as they were written, whatever is in them, with every value in quotes', () => {
    fc.assert(fc.property(table, lineEnd, (rows, end) => expect(readCsv(write(rows, end, quoted))).toEqual({ rows })));
  });

  it('come back as they were written where only some values are in quotes', () => {
    fc.assert(fc.property(table, lineEnd, (rows, end) => expect(readCsv(write(rows, end, asNeeded))).toEqual({ rows })));
  });

  it('are read as another reader reads them, or refused, whatever the text is', () => {
    const text = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', ' '), maxLength: 12 });
    fc.assert(
      fc.property(text, (csv) => {
        const reading = readCsv(csv);
        if ('problem' in reading) return;
        // A carriage return alone, which ours refuses, is what the other would guess from.
        expect(reading.rows).toEqual(parse(csv, { record_delimiter: ['\r\n', '\n'] }));
      }),
      { numRuns: 1_000 },
    );
  });

  it('need no line end behind the last line, and hold nothing when they are empty', () => {
    expect(readCsv('a,b\n1,')).toEqual({
      rows: [
        ['a', 'b'],
        ['1', ''],
      ],
    });
    expect(readCsv('')).toEqual({ rows: [] });
    expect(readCsv('\ufeffa\n')).toEqual({ rows: [['a']] });
  });

  it.each([
    ['were cut inside of a value', 'a,b\n1,"2', 'quote in line 2'],
    ['were cut between two values', 'a,b\n1', 'line 2 of the CSV has another number'],
    ['have a quote where none belongs', 'a,b\n1,2"3"\n', 'quote in line 2'],
    ['have text behind a closing quote', 'a,b\n1,"2"3\n', 'line 2 of the CSV goes on'],
    ['have a carriage return that ends no line', 'a,b\n1\r2,3\n', 'line 2 of the CSV goes on'],
    ['have a value too many', 'a,b\n1,2,3\n', 'line 2 of the CSV has another number'],
  ])('are refused when they %s, without a word of what they hold', (_what, csv, problem) => {
    expect(readCsv(csv)).toEqual({ problem: expect.stringContaining(problem) as string });
  });
});
