/**
 * A page's bytes are made once per page size; serving one is a copy (0.05 ms for 500 KB) with each record's number written over it.
 * So the null CRM costs next to nothing beside the program that is measured, and yet no two records are the same.
 */

/** A place in a record's text where a number is written: as many digits each time, so nothing moves. */
export interface Slot {
  /** The digits that stand there in the template. */
  readonly digits: string;
  /** The number for the record at this position of all records, from 0 on. */
  readonly numberAt: (position: number) => number;
}

export interface PageTemplate {
  /** The page's bytes from its `{` up to and without the `]` that ends its records. */
  render(page: number, recordCount: number): Buffer;
}

export interface PageTemplateOptions {
  /** Kinds of records take turns, so that neighbours are not alike. */
  readonly kinds: readonly string[];
  readonly perPage: number;
  readonly slots: readonly Slot[];
}

const head = Buffer.from('{"data":[');
const comma = Buffer.from(',');

const placesOf = (part: Buffer, digits: string): readonly number[] => {
  const found: number[] = [];
  for (let at = part.indexOf(digits); at >= 0; at = part.indexOf(digits, at + digits.length)) found.push(at);
  return found;
};

export const createPageTemplate = ({ kinds, perPage, slots }: PageTemplateOptions): PageTemplate => {
  const parts = Array.from({ length: perPage }, (_, index) => Buffer.from(kinds[index % kinds.length] ?? ''));
  const whole = Buffer.concat([head, ...parts.flatMap((part, index) => (index === 0 ? [part] : [comma, part]))]);

  /** For each record: where it ends, and where which number is written. */
  const records: { readonly end: number; readonly places: readonly { readonly at: number; readonly slot: Slot }[] }[] = [];
  let start = head.length;
  for (const part of parts) {
    const places = slots.flatMap((slot) => placesOf(part, slot.digits).map((at) => ({ at: start + at, slot })));
    records.push({ end: start + part.length, places });
    start += part.length + comma.length;
  }

  return {
    render: (page, recordCount) => {
      const bytes = Buffer.from(whole.subarray(0, records[recordCount - 1]?.end ?? head.length));
      for (let index = 0; index < recordCount; index += 1) {
        for (const { at, slot } of records[index]?.places ?? []) {
          bytes.write(String(slot.numberAt((page - 1) * perPage + index)), at, slot.digits.length, 'latin1');
        }
      }
      return bytes;
    },
  };
};
