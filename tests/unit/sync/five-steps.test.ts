import fc from 'fast-check';
import type { SourceRecord } from '../../../api/src/crm/types.ts';
import type { Counts } from '../../../api/src/store/records/types.ts';
import { addCounts, countsAddUp, noCounts } from '../../../api/src/sync/counts.ts';
import { openTableSync } from '../../../api/src/sync/open-table-sync.ts';
import { createRecordLocks } from '../../../api/src/sync/record-locks.ts';
import { syncRecords } from '../../../api/src/sync/sync-records.ts';
import { makeCrm, makeDataverse, makeRecordStore, recordOf } from '../../support/ports.ts';

const never = new AbortController().signal;
const clock = { nowMs: () => 1_000 };
const ids = ['a', 'b', 'c', 'd'];
const parents = ['p', 'q'];

/** Few ids and versions, so that a page often holds a record twice, and one page what another had. */
const anyRecord: fc.Arbitrary<SourceRecord> = fc
  .record({
    id: fc.constantFrom(...ids),
    modifiedOnMs: fc.option(fc.integer({ min: 1, max: 4 })),
    kind: fc.constantFrom('row', 'row', 'row', 'removed', 'skipped', 'too long'),
    parentId: fc.option(fc.constantFrom(...parents)),
    name: fc.constantFrom('x', 'y'),
  })
  .map(({ id, modifiedOnMs, kind, parentId, name }) =>
    recordOf(id, {
      modifiedOnMs,
      parentId,
      isDeleted: kind === 'removed',
      isSkipped: kind === 'skipped',
      fields: { name: kind === 'too long' ? name.repeat(101) : name },
    }),
  );
const anyPages = fc.array(fc.array(anyRecord, { maxLength: 8 }), { minLength: 1, maxLength: 4 });
const anyRefusals = fc.subarray(ids);
const anyParents = fc.subarray(parents);

const open = async (options: { readonly refused?: readonly string[]; readonly parents?: readonly string[] }) => {
  const crm = makeCrm('crm', clock.nowMs);
  const dataverse = makeDataverse();
  for (const id of options.refused ?? []) dataverse.refused.add(`crm~${id}`);
  for (const id of options.parents ?? []) dataverse.rows.set(`crm~${id}`, { name: id });
  const records = makeRecordStore();
  const sync = await openTableSync(crm.source, 'contact', { dataverse, records, locks: createRecordLocks(), clock }, never);
  const run = async (pages: readonly (readonly SourceRecord[])[], isDryRun = false): Promise<Counts> => {
    crm.pages.contact = pages;
    let counts = noCounts;
    for await (const page of syncRecords(sync, { kind: 'all', resumeFrom: null }, { signal: never, lane: 'bulk', runId: null, isDryRun })) {
      expect(countsAddUp(page.counts)).toBe(true);
      expect(Object.values(page.counts).every((count) => count >= 0)).toBe(true);
      counts = addCounts(counts, page.counts);
    }
    return counts;
  };
  return { dataverse, records, run };
};

describe('the five steps, for any pages of a CRM', () => {
  it('count every record once, whatever becomes of it', () =>
    fc.assert(
      fc.asyncProperty(anyPages, anyRefusals, anyParents, fc.boolean(), async (pages, refused, existing, isDryRun) => {
        const { run } = await open({ refused, parents: existing });
        expect((await run(pages, isDryRun)).read).toBe(pages.flat().length);
      }),
    ));

  it('write nothing the second time a page comes', () =>
    fc.assert(
      fc.asyncProperty(fc.array(anyRecord, { maxLength: 8 }), anyParents, async (page, existing) => {
        const { run } = await open({ parents: existing });
        await run([page]);
        expect((await run([page])).written).toBe(0);
      }),
    ));

  it('write nothing and remember nothing in a dry run', () =>
    fc.assert(
      fc.asyncProperty(anyPages, async (pages) => {
        const { run, dataverse, records } = await open({});
        const counts = await run(pages, true);
        expect([counts.written, dataverse.rows.size, records.links.size, records.failures.size]).toEqual([0, 0, 0, 0]);
      }),
    ));

  it('leave the newest version of a record in Dataverse, in whatever order the CRM tells them', () =>
    fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([1, 2, 3, 4, 5], { minLength: 1 }),
        fc.integer({ min: 1, max: 5 }),
        async (versions, pageSize) => {
          const told = versions.map((version) => recordOf('a', { modifiedOnMs: version, fields: { name: `version ${version}` } }));
          const pages = Array.from({ length: Math.ceil(told.length / pageSize) }, (_, page) =>
            told.slice(page * pageSize, (page + 1) * pageSize),
          );
          const { run, dataverse } = await open({});
          const counts = await run(pages);
          expect(dataverse.rows.get('crm~a')?.name).toBe(`version ${Math.max(...versions)}`);
          expect(counts.written + counts.stale).toBe(versions.length);
        },
      ),
    ));

  it('never remember a row as written that Dataverse refused', () =>
    fc.assert(
      fc.asyncProperty(anyPages, anyRefusals, async (pages, refused) => {
        const { run, records, dataverse } = await open({ refused });
        await run(pages);
        for (const id of refused) expect([records.links.has(id), dataverse.rows.has(`crm~${id}`)]).toEqual([false, false]);
        for (const [id, link] of records.links) if (link.state !== 'removed') expect(dataverse.rows.has(`crm~${id}`)).toBe(true);
      }),
    ));

  it('bind a parent that has a row, and park a child whose parent has none', () =>
    fc.assert(
      fc.asyncProperty(anyParents, async (existing) => {
        const { run, dataverse, records } = await open({ parents: existing });
        await run([parents.map((parent) => recordOf(`of-${parent}`, { parentId: parent }))]);
        for (const parent of parents) {
          const isThere = existing.includes(parent);
          expect(records.links.get(`of-${parent}`)?.state).toBe(isThere ? 'linked' : 'waitingForParent');
          expect(dataverse.rows.get(`crm~of-${parent}`)?.['parentcustomerid_account@odata.bind']).toBe(
            isThere ? `/accounts(ccsync_sourcekey='crm~${parent}')` : undefined,
          );
        }
      }),
    ));
});
