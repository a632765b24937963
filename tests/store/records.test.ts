import * as fc from 'fast-check';
import type { Link } from '../../api/src/store/records/types.ts';
import type { Store } from '../../api/src/store/types.ts';
import { type TestDatabase, databaseKinds } from '../support/databases.ts';
import { failureOf, hashOf, linkOf, pageOf, sourceId } from './samples.ts';

describe.each(databaseKinds)('records in $name', (kind) => {
  let database: TestDatabase;
  let store: Store;
  let nowMs = 5_000;
  let lastId = 0;
  const newId = (): string => `record-${(lastId += 1)}`;
  const find = async (recordId: string): Promise<Link | undefined> =>
    (await store.records.findLinks(sourceId, 'contact', [recordId])).get(recordId);

  beforeAll(async () => {
    database = await kind.create();
    store = await database.open({ clock: { nowMs: () => nowMs } });
  }, 120_000);
  afterAll(async () => {
    await store.close();
    await database.remove();
  });

  it('what was written is found again, exactly', async () => {
    const links = [
      linkOf(newId(), { parentId: 'ALFKI', state: 'waitingForParent', sourceModifiedOnMs: 1_700_000_000_123 }),
      linkOf(newId(), { sourceModifiedOnMs: null, checkedOnMs: 7, syncedOnMs: 8 }),
      linkOf(newId(), { state: 'removed' }),
      linkOf(`${newId()} "quoted", back\\slash {brace} NULL ünïcode 客户 😀 'single'`),
      linkOf('NULL'),
      linkOf(''),
    ];
    await store.records.commitPage(pageOf({ links }));
    const found = await store.records.findLinks(sourceId, 'contact', [...links.map(({ recordId }) => recordId), 'unknown']);
    expect([...found.values()].sort((a, b) => (a.recordId < b.recordId ? -1 : 1))).toEqual(
      [...links].sort((a, b) => (a.recordId < b.recordId ? -1 : 1)),
    );
  });

  it('any text can be the id of a record', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(
          fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => text.replaceAll('\u0000', '')),
          { minLength: 1, maxLength: 20 },
        ),
        async (ids) => {
          await store.records.commitPage(pageOf({ table: 'account', links: ids.map((id) => linkOf(id)) }));
          const found = await store.records.findLinks(sourceId, 'account', ids);
          expect([...found.keys()].sort()).toEqual([...ids].sort());
        },
      ),
      { numRuns: 30 },
    );
  });

  it('of any ids exactly the known ones are found, wherever they lie among the others', async () => {
    let sources = 0;
    const anyId = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 }),
      fc.constantFrom('a', 'B', 'ü', '客', '\uffee', '😀'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(
          fc.record({ id: anyId.map((text) => text.replaceAll('\u0000', '')), isKnown: fc.boolean(), isAsked: fc.boolean() }),
          {
            selector: ({ id }) => id,
            maxLength: 8,
          },
        ),
        async (records) => {
          const ownSource = `mixed-${(sources += 1)}`;
          const known = records.filter(({ isKnown }) => isKnown).map(({ id }) => id);
          const asked = records.filter(({ isAsked }) => isAsked).map(({ id }) => id);
          await store.records.commitPage(pageOf({ sourceId: ownSource, links: known.map((id) => linkOf(id)) }));
          const found = await store.records.findLinks(ownSource, 'contact', asked);
          expect([...found.keys()].sort()).toEqual(asked.filter((id) => known.includes(id)).sort());
        },
      ),
      { numRuns: 40 },
    );
  });

  it('of any page exactly the records with the linked content and version are settled, and the links of the others are told', async () => {
    let sources = 0;
    const version = fc.option(fc.constantFrom(0, 1, 1_700_000_000_123, 2 ** 53 - 1, -1, -86_400_000), { nil: null });
    const content = fc.constantFrom('a', 'b');
    const state = fc.constantFrom('linked' as const, 'waitingForParent' as const, 'removed' as const);
    const record = fc.record({
      link: fc.option(fc.record({ content, version, state }), { nil: null }),
      seen: fc.option(fc.record({ content: fc.option(content, { nil: null }), version }), { nil: null }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 12 }), async (records) => {
        const ownSource = `settled-${(sources += 1)}`;
        const links = records.flatMap(({ link }, index) =>
          link === null
            ? []
            : [linkOf(`r${index}`, { contentHash: hashOf(link.content), sourceModifiedOnMs: link.version, state: link.state })],
        );
        await store.records.commitPage(pageOf({ sourceId: ownSource, links }));
        const seen = records.flatMap((each, index) =>
          each.seen === null
            ? []
            : [
                {
                  recordId: `r${index}`,
                  contentHash: each.seen.content === null ? null : hashOf(each.seen.content),
                  modifiedOnMs: each.seen.version,
                },
              ],
        );
        const known = await store.records.findUnsettled(ownSource, 'contact', seen);
        const linkById = new Map(links.map((link) => [link.recordId, link]));
        // The version -1 and none are one to the database: a millisecond before 1970 is nobody's.
        const versionOf = (ms: number | null): number => ms ?? -1;
        const settled = seen.filter(({ recordId, contentHash, modifiedOnMs }) => {
          const link = linkById.get(recordId);
          return (
            link?.state === 'linked' && link.contentHash === contentHash && versionOf(link.sourceModifiedOnMs) === versionOf(modifiedOnMs)
          );
        });
        expect(known.settledIds).toEqual(new Set(settled.map(({ recordId }) => recordId)));
        const others = seen.filter(({ recordId }) => linkById.has(recordId) && !known.settledIds.has(recordId));
        expect(known.links).toEqual(new Map(others.map(({ recordId }) => [recordId, linkById.get(recordId)])));
      }),
      { numRuns: 60 },
    );
  });

  it('a record of another source or table is another record', async () => {
    const id = newId();
    await store.records.commitPage(pageOf({ links: [linkOf(id)] }));
    expect((await store.records.findLinks('other', 'contact', [id])).size).toBe(0);
    expect((await store.records.findLinks(sourceId, 'account', [id])).size).toBe(0);
  });

  it('an id keeps its upper and lower case', async () => {
    const id = newId();
    await store.records.commitPage(pageOf({ links: [linkOf(`${id}a`), linkOf(`${id}A`, { contentHash: hashOf('other') })] }));
    expect((await find(`${id}a`))?.contentHash).not.toBe((await find(`${id}A`))?.contentHash);
  });

  it('only records that have a row count as linked', async () => {
    const [linked, waiting, removed] = [newId(), newId(), newId()];
    await store.records.commitPage(
      pageOf({ links: [linkOf(linked), linkOf(waiting, { state: 'waitingForParent' }), linkOf(removed, { state: 'removed' })] }),
    );
    const ids = await store.records.linkedIds(sourceId, 'contact', [linked, waiting, removed, 'unknown']);
    expect([...ids].sort()).toEqual([linked, waiting].sort());
  });

  it('in whatever order versions of a record arrive, the newest stands', async () => {
    const version = fc.record({ sourceModifiedOnMs: fc.integer({ min: 1, max: 5 }), content: fc.integer({ min: 0, max: 1_000 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(version, { minLength: 1, maxLength: 6 }), fc.boolean(), async (versions, isOnePage) => {
        const id = newId();
        const links = versions.map(({ sourceModifiedOnMs, content }) =>
          linkOf(id, { sourceModifiedOnMs, contentHash: hashOf(`${content}`) }),
        );
        if (isOnePage) await store.records.commitPage(pageOf({ links }));
        else for (const link of links) await store.records.commitPage(pageOf({ links: [link] }));
        const newestMs = Math.max(...versions.map(({ sourceModifiedOnMs }) => sourceModifiedOnMs));
        expect(await find(id)).toEqual(links.findLast(({ sourceModifiedOnMs }) => sourceModifiedOnMs === newestMs));
      }),
      { numRuns: 60 },
    );
  });

  it('a version of unknown age replaces the content, and does not let an older one in after it', async () => {
    const id = newId();
    for (const [sourceModifiedOnMs, content] of [
      [5, 'five'],
      [null, 'unknown'],
      [3, 'three'],
    ] as const) {
      await store.records.commitPage(pageOf({ links: [linkOf(id, { sourceModifiedOnMs, contentHash: hashOf(content) })] }));
    }
    expect(await find(id)).toMatchObject({ sourceModifiedOnMs: 5, contentHash: hashOf('unknown') });
  });

  it('a record that was looked at by itself remembers when', async () => {
    const [looked, other] = [newId(), newId()];
    await store.records.commitPage(pageOf({ links: [linkOf(looked), linkOf(other)] }));
    await store.records.commitPage(pageOf({ unchangedIds: [looked], checkedOnMs: 9_999 }));
    expect(await find(looked)).toEqual(linkOf(looked, { checkedOnMs: 9_999 }));
    expect(await find(other)).toEqual(linkOf(other));
  });

  it('a failed record is one row that counts its tries, and a later success clears it', async () => {
    const id = newId();
    nowMs = 6_000;
    await store.records.commitPage(
      pageOf({ failures: [failureOf(id, { reason: 'first' }), failureOf(id, { reason: 'twice in a page' })] }),
    );
    nowMs = 7_000;
    await store.records.commitPage(
      pageOf({ failures: [failureOf(id, { reason: 'a NUL \u0000 in it', code: '0x1', failureClass: 'plugin' })] }),
    );
    expect(await store.records.findFailure(sourceId, 'contact', id)).toEqual({
      ...failureOf(id, { reason: 'a NUL  in it', code: '0x1', failureClass: 'plugin' }),
      firstSeenOnMs: 6_000,
      lastSeenOnMs: 7_000,
      tries: 2,
    });
    await store.records.commitPage(pageOf({ links: [linkOf(id)] }));
    expect(await store.records.findFailure(sourceId, 'contact', id)).toBeNull();
  });

  it('a record found unchanged has no failure any more; those of others stay', async () => {
    const [mended, broken] = [newId(), newId()];
    await store.records.commitPage(pageOf({ failures: [failureOf(mended), failureOf(broken)] }));
    await store.records.commitPage(pageOf({ unchangedIds: [mended] }));
    expect(await store.records.findFailure(sourceId, 'contact', mended)).toBeNull();
    expect(await store.records.findFailure(sourceId, 'contact', broken)).toMatchObject({ recordId: broken, tries: 1 });
  });

  it('a removal that the CRM takes back is not carried out', async () => {
    const [returned, deleted] = [newId(), newId()];
    await store.records.commitPage(pageOf({ removals: [returned, deleted, deleted] }));
    await store.records.commitPage(pageOf({ links: [linkOf(returned)] }));
    expect(await store.runs.pendingRemovals(sourceId, 'contact', 'all', '', 10)).toEqual([deleted]);
    await store.runs.settleRemovals({ sourceId, table: 'contact', recordIds: [deleted], nowMs: 1 });
  });
});
