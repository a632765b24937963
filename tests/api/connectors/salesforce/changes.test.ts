import type { SourceRecord } from '../../../../api/src/crm/types.ts';
import { handClock } from '../../../sandbox/support/hand-clock.ts';
import { ask } from '../../../sandbox/support/ask.ts';
import { type OpenSalesforce, openSalesforce } from '../../../sandbox/salesforce/salesforce.ts';
import { idsOf, never, openSource, type OpenedSource, readPages, readRecords, throughJson } from './support/open-source.ts';

const hourMs = 3_600_000;
const startMs = Date.parse('2026-05-01T10:00:00.000Z');

describe('what changed in Salesforce', () => {
  let clock: ReturnType<typeof handClock>;
  let crm: OpenSalesforce;
  let source: OpenedSource;
  beforeEach(async () => {
    clock = handClock('2026-05-01T10:00:00.000Z');
    crm = await openSalesforce({ now: clock.now, accounts: 10, contacts: 60 });
    source = await openSource(crm.url, { clock: { nowMs: () => clock.now().getTime() } });
    clock.passMs(60_000);
  });
  afterEach(() => crm.close());

  const create = async (object: string, values: object): Promise<string> =>
    String((await crm.data(`/sobjects/${object}`, { json: values })).body.id);
  const remove = (object: string, id: string) => crm.data(`/sobjects/${object}/${id}`, { method: 'DELETE' });
  const changesOf = (table: 'accounts' | 'contacts', fromMs = startMs, toMs = clock.now().getTime() + 1_000) =>
    readRecords(source[table].listChanges({ fromMs, toMs }, null, never));
  const told = (records: readonly SourceRecord[]) => records.map(({ id, isDeleted }) => [id, isDeleted] as const).sort();

  it('is exactly what was made, changed or put into the bin within the time', async () => {
    const made = await create('Contact', { LastName: 'New' });
    const [changed, binned] = idsOf(await readRecords(source.contacts.listAll(null, never)));
    await crm.data(`/sobjects/Contact/${String(changed)}`, { method: 'PATCH', json: { Phone: '1' } });
    await remove('Contact', String(binned));
    const found = await changesOf('contacts');
    expect(new Map(told(found))).toEqual(
      new Map([
        [made, false],
        [String(changed), false],
        [String(binned), true],
      ]),
    );
    // Longer than the hour by which the list of deletions is read before its time.
    clock.passMs(3 * hourMs);
    expect(await changesOf('contacts', clock.now().getTime() - hourMs)).toEqual([]);
  });

  it('is found too when the bin was emptied since: the list of deletions knows it', async () => {
    const id = await create('Account', { Name: 'Gone for good' });
    clock.passMs(60_000);
    await remove('Account', id);
    await crm.control('DELETE', 'recycle-bin');
    clock.passMs(60_000);
    const found = await changesOf('accounts');
    expect(told(found)).toEqual([[id, true]]);
    // When it was deleted is not when it changed: as a version it would make the record look newer than it is.
    expect(found[0]?.modifiedOnMs).toBeNull();
  });

  it('comes in the end as it is when a record was deleted and taken out of the bin again', async () => {
    const id = await create('Account', { Name: 'Back again' });
    await remove('Account', id);
    clock.passMs(1_000);
    await ask(`${crm.url}/Account/${id}/restore`, { method: 'POST', form: {} });
    expect((await changesOf('accounts')).at(-1)).toMatchObject({ id, isDeleted: false });
  });

  it('is a removal and a move where two accounts were merged: the contacts hang on the one that stays', async () => {
    const winner = await create('Account', { Name: 'Stays' });
    const loser = await create('Account', { Name: 'Goes' });
    const contact = await create('Contact', { LastName: 'Moves', AccountId: loser });
    clock.passMs(hourMs);
    const mergedMs = clock.now().getTime();
    await crm.control('POST', 'merge', { masterId: winner, loserIds: [loser] });
    clock.passMs(1_000);
    const accounts = await changesOf('accounts', mergedMs);
    expect(new Map(accounts.map(({ id, isDeleted }) => [id, isDeleted]))).toEqual(
      new Map([
        [winner, false],
        [loser, true],
      ]),
    );
    const contacts = await changesOf('contacts', mergedMs);
    expect(contacts.map(({ id, parentId, isDeleted }) => [id, parentId, isDeleted])).toEqual([[contact, winner, false]]);
  });

  it('loses none of a hundred records that changed in the same second, though pages end among them', async () => {
    await crm.set({ largestPage: 7 });
    await crm.control('POST', 'mass-update', { object: 'Contact', count: 100, values: { Department: 'All of us' }, isBySystem: true });
    clock.passMs(1_000);
    const pages = await readPages(source.contacts.listChanges({ fromMs: startMs, toMs: clock.now().getTime() }, null, never));
    const ids = idsOf(pages.flatMap(({ records }) => records));
    expect(pages.length).toBeGreaterThan(10);
    expect(ids.length).toBe(100);
    expect(new Set(ids).size).toBe(100);
  });

  it('goes on behind any page in another process, and a change meanwhile is the next window’s', async () => {
    await crm.set({ largestPage: 7 });
    await crm.control('POST', 'mass-update', { object: 'Contact', count: 50, values: { Department: 'A' } });
    clock.passMs(1_000);
    const window = { fromMs: startMs, toMs: clock.now().getTime() };
    const read: string[] = [];
    let next = null;
    let pages = 0;
    do {
      const again = await openSource(crm.url, { clock: { nowMs: () => clock.now().getTime() } });
      for await (const page of again.contacts.listChanges(window, throughJson(next), never)) {
        read.push(...idsOf(page.records));
        next = page.next;
        pages += 1;
        break;
      }
      if (pages === 3) await crm.control('POST', 'mass-update', { object: 'Contact', count: 3, values: { Department: 'B' } });
    } while (next !== null);
    expect(read).toHaveLength(50);
    clock.passMs(1_000);
    expect(await changesOf('contacts', window.toMs)).toHaveLength(3);
  });

  it('gives each record once though others change while a full list is walked', async () => {
    await crm.set({ largestPage: 20 });
    const all = (await crm.walk('SELECT Id FROM Contact')).map(({ Id }) => String(Id));
    const { contacts } = await openSource(crm.url, { withoutDrivers: true });
    const read: string[] = [];
    for await (const { records } of contacts.listAll(null, never)) {
      read.push(...idsOf(records));
      await crm.control('POST', 'mass-update', { object: 'Contact', count: 30, values: { Department: String(read.length) } });
      await create('Contact', { LastName: 'While we read' });
    }
    expect([...read].sort()).toEqual([...all].sort());
  });

  it('is read again from the beginning of the window when Salesforce has forgotten where the list was', async () => {
    await crm.set({ largestPage: 20 });
    await crm.control('POST', 'mass-update', { object: 'Contact', count: 50, values: { Department: 'A' } });
    clock.passMs(1_000);
    const window = { fromMs: startMs, toMs: clock.now().getTime() };
    let place = null;
    for await (const { records, next } of source.contacts.listChanges(window, null, never)) {
      place = next;
      if (records.length > 0) break;
    }
    clock.passMs(49 * hourMs);
    const again = await readRecords(source.contacts.listChanges(window, throughJson(place), never));
    expect(new Set(idsOf(again)).size).toBe(50);
  });

  it('needs a full run when the list of deletions does not reach back far enough', async () => {
    await crm.control('DELETE', 'delete-log');
    clock.passMs(60_000);
    await expect(changesOf('accounts', startMs - hourMs)).rejects.toMatchObject({ code: 'crm.history_expired' });
    await expect(changesOf('accounts', startMs - 20 * 24 * hourMs)).rejects.toMatchObject({ code: 'crm.history_expired' });
    // A run sees this before it asks: after two weeks it reads everything.
    expect(source.accounts.retentionMs).toBe(14 * 24 * hourMs);
  });

  it('is asked for in halves when Salesforce needs too long for all at once', async () => {
    await crm.control('POST', 'mass-update', { object: 'Contact', count: 50, values: { Department: 'A' } });
    clock.passMs(1_000);
    await changesOf('accounts');
    await crm.fault({ kind: 'queryTimeout', count: 2, path: '/services/data/v66.0/queryAll' });
    const found = await changesOf('contacts', startMs - hourMs);
    expect(new Set(idsOf(found)).size).toBe(50);
    const { body } = await crm.control('GET', 'statistics');
    // One for the accounts; the whole, its half, a quarter, and the rest for the contacts.
    expect(body.requestsByRoute).toMatchObject({ 'GET /services/data/:version/queryAll': 5 });
  });
});
