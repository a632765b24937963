import fc from 'fast-check';
import { byNumber, byText } from '../../../api/sandbox/src/crm-kit/id-order.ts';
import { Table } from '../../../api/sandbox/src/northwind/table.ts';
import type { Keepable } from '../../../api/sandbox/src/crm-data/types.ts';

const moment = fc.integer({ min: 0, max: 5 }).map((second) => `2026-01-01T00:00:0${second}.000Z`);
const record: fc.Arbitrary<Keepable> = fc.record({
  id: fc.constantFrom('1', '2', '3', '10', '20', '9007199254740992', '9007199254740993'),
  created_at: moment,
  updated_at: fc.option(moment),
  deleted_at: fc.option(moment),
});
const changedAt = ({ updated_at, created_at }: Keepable): string => updated_at ?? created_at;
const byId = (a: Keepable, b: Keepable): number => Number(BigInt(a.id) - BigInt(b.id));

describe('the table behind the pages', () => {
  it('gives after any changes the same pages as sorting everything anew', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(record, { selector: ({ id }) => id }),
        fc.array(record),
        fc.option(moment, { nil: undefined }),
        fc.boolean(),
        fc.integer({ min: 0, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        (loaded, puts, updatedSince, includeDeleted, offset, limit) => {
          const table = new Table<Keepable>(byNumber);
          table.load(loaded);
          for (const put of puts) table.put(put);

          const latest = new Map([...loaded, ...puts].map((item) => [item.id, item]));
          const wanted = [...latest.values()]
            .filter((item) => includeDeleted || item.deleted_at === null)
            .filter((item) => updatedSince === undefined || changedAt(item) >= updatedSince)
            .sort((a, b) => (updatedSince === undefined ? 0 : byText(changedAt(a), changedAt(b))) || byId(a, b));
          const page = table.page({ offset, limit, includeDeleted, ...(updatedSince === undefined ? {} : { updatedSince }) });
          expect(page.total).toBe(wanted.length);
          expect(page.records).toEqual(wanted.slice(offset, offset + limit));
        },
      ),
    );
  });
});
