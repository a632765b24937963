import type { SourceConnector, TableName } from '../../../../api/src/crm/types.ts';
import { type HubSpotPage, type OpenHubSpot, openHubSpot } from '../../../sandbox/hubspot/hubspot.ts';
import { handClock } from '../../../sandbox/support/hand-clock.ts';
import { idsOf, never, readPages, readRecords } from '../../crm/support/people-crm.ts';
import { replaceIn } from '../support/open-source.ts';
import { openConnected } from './support.ts';

const api = '/crm/objects/2026-09';
const tables = [
  ['account', 'companies'],
  ['contact', 'contacts'],
] as const;
/** Nothing is archived in the tests here, so what the archive adds is one empty page. */
const smallSearches = replaceIn('size: 200', 'size: 100');

describe('HubSpot, read from end to end', () => {
  const clock = handClock('2026-11-01T10:00:00.000Z');
  const startMs = clock.now().getTime();
  let crm: OpenHubSpot;
  let connector: SourceConnector;
  let slept: readonly number[];
  const open = async (contacts: number, accounts = 210): Promise<void> => {
    crm = await openHubSpot({ now: clock.now, accounts, contacts, settings: { searchLagMs: 0 } });
    ({ connector, slept } = await openConnected(crm.url, { change: smallSearches }));
  };
  beforeEach(() => open(230));
  afterEach(() => crm.close());

  const nowMs = (): number => clock.now().getTime();
  const changesOf = (table: TableName, fromMs: number, toMs: number) =>
    readRecords(connector.table(table).listChanges({ fromMs, toMs }, null, never));
  const totalOf = async (type: 'contacts' | 'companies'): Promise<number> => (await crm.search(type, { limit: 1 })).body.total;
  const massUpdate = (table: 'accounts' | 'contacts', count: number) => crm.ask('POST', '/sandbox/mass-update', { table, count });
  const fault = (body: object) => crm.ask('POST', '/sandbox/faults', { count: 1, ...body });

  it.each(tables)('gives every %s once', async (table, type) => {
    const ids = idsOf(await readRecords(connector.table(table).listAll(null, never)));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBe(await totalOf(type));
  });

  it('goes on from any page after a break, without loss or repetition', async () => {
    const pages = await readPages(connector.table('contact').listAll(null, never));
    const half = pages.slice(0, 2);
    const rest = await readRecords(connector.table('contact').listAll(half.at(-1)?.next ?? null, never));
    const ids = [...half.flatMap(({ records }) => idsOf(records)), ...idsOf(rest)];
    expect(ids).toEqual(pages.flatMap(({ records }) => idsOf(records)));
  });

  it('gives 3,000 records of one moment once each, in a full list and among the changes, and says at once how many', async () => {
    await crm.close();
    await open(3_000);
    await massUpdate('contacts', 3_000);
    const pages = await readPages(connector.table('contact').listChanges({ fromMs: nowMs(), toMs: nowMs() + 1_000 }, null, never));
    const changed = pages.flatMap(({ records }) => idsOf(records));
    expect([changed.length, new Set(changed).size]).toEqual([3_000, 3_000]);
    expect(pages.at(-1)?.expectedRecords).toBe(3_000);
    const all = await readRecords(connector.table('contact').listAll(null, never));
    expect(all.filter(({ modifiedOnMs }) => modifiedOnMs === nowMs()).length).toBe(3_000);
    expect(new Set(idsOf(all)).size).toBe(all.length);
  });

  it('reads changes beyond the 10,000 at which a search ends', async () => {
    await crm.close();
    await open(0, 10_050);
    ({ connector, slept } = await openConnected(crm.url));
    await massUpdate('accounts', 10_050);
    const changed = idsOf(await changesOf('account', nowMs(), nowMs() + 1_000));
    expect([changed.length, new Set(changed).size]).toEqual([10_050, 10_050]);
  });

  it('asks for no more than four searches a second, since an account has five', async () => {
    await massUpdate('contacts', 230);
    const { length: before } = slept;
    for (let round = 0; round < 3; round += 1) await changesOf('contact', nowMs(), nowMs() + 1_000);
    // Nine pages: the fifth and the ninth wait for a new second.
    expect(slept.slice(before).reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(1_500);
  });

  it('does not miss a record that changes while the list is read, before or behind the place', async () => {
    const ids: string[] = [];
    let touched: readonly string[] = [];
    clock.passMs(5_000);
    for await (const { records } of connector.table('account').listAll(null, never)) {
      ids.push(...idsOf(records));
      if (records.length === 0 || touched.length > 0) continue;
      const { results } = (await crm.search('companies', { limit: 200, sorts: ['-hs_object_id'] })).body;
      touched = [ids[0], results[0]?.id].map(String);
      for (const id of touched) await crm.ask('PATCH', `${api}/companies/${id}`, { properties: { city: 'Graz' } });
    }
    expect([ids.length, new Set(ids).size]).toEqual([await totalOf('companies'), await totalOf('companies')]);
    clock.passMs(60_000);
    expect([...idsOf(await changesOf('account', startMs, nowMs()))].sort()).toEqual([...touched].sort());
  });

  it('leaves what changes during the reading of changes to the next window, and loses nothing between the two', async () => {
    await massUpdate('accounts', 250);
    const at = nowMs();
    const first: string[] = [];
    for await (const { records } of connector.table('account').listChanges({ fromMs: at, toMs: at + 1_000 }, null, never)) {
      first.push(...idsOf(records));
      clock.passMs(60_000);
      if (first.length === 100) await massUpdate('accounts', 250);
    }
    const second = idsOf(await changesOf('account', at + 1_000, nowMs() + 1_000));
    expect(first.length).toBe(100);
    expect(second.length).toBe(250);
  });

  it('waits for what search does not see yet: its lag is longer', async () => {
    await crm.ask('PATCH', '/sandbox/settings', { searchLagMs: 90_000 });
    const { lagMs, overlapMs } = connector.table('account');
    const [{ id } = { id: '' }] = (await crm.page(`${api}/companies?limit=1`)).results;
    clock.passMs(3_600_000);
    await crm.ask('PATCH', `${api}/companies/${id}`, { properties: { city: 'Graz' } });
    clock.passMs(60_000);
    const readUpToMs = nowMs() - lagMs;
    expect(await changesOf('account', readUpToMs - overlapMs, readUpToMs)).toEqual([]);
    clock.passMs(lagMs);
    expect(idsOf(await changesOf('account', readUpToMs - overlapMs, nowMs() - lagMs))).toEqual([id]);
  });

  it('stops when a page is empty although more remains, instead of ending early', async () => {
    await massUpdate('contacts', 230);
    await fault({ kind: 'emptyPage', path: `${api}/contacts/search` });
    await expect(changesOf('contact', nowMs(), nowMs() + 1_000)).rejects.toMatchObject({ code: 'crm.paging_stuck' });
  });

  it('notices a cursor that leads nowhere new', async () => {
    await fault({ kind: 'repeatedCursor', path: `${api}/contacts?`, count: 20, after: 1 });
    await expect(readRecords(connector.table('contact').listAll(null, never))).rejects.toMatchObject({ code: 'crm.paging_stuck' });
  });

  it('goes on after every failure that passes', async () => {
    const kinds = ['internal', 'badGateway', 'unavailable', 'timeout', 'locked', 'cutBody'];
    // Each request is tried five times, so they strike two pages by three.
    for (const [position, kind] of kinds.entries()) await fault({ kind, path: `${api}/companies?`, after: position % 3 === 0 ? 1 : 0 });
    expect(new Set(idsOf(await readRecords(connector.table('account').listAll(null, never)))).size).toBe(await totalOf('companies'));
    expect((await crm.get('/sandbox/faults')).body).toEqual({ faults: [] });
  });

  it('lists the ids of all that are there', async () => {
    const ids: string[] = [];
    for await (const page of connector.table('contact').listIds(null, never)) ids.push(...page.ids);
    const { paging, results } = await crm.page(`${api}/contacts?limit=100`);
    const more: HubSpotPage = await crm.page(`${api}/contacts?limit=100&after=${paging?.next.after}`);
    expect(ids.slice(0, 200)).toEqual([...results, ...more.results].map(({ id }) => id));
    expect(new Set(ids).size).toBe(await totalOf('contacts'));
  });
});
