import fc from 'fast-check';
import { caseSuffix, idAt, idOf } from '../../../api/sandbox/src/salesforce/data/ids.ts';
import { ask } from '../support/ask.ts';
import { handClock } from '../support/hand-clock.ts';
import { type OpenSalesforce, type Problem, openSalesforce } from './salesforce.ts';

const clock = handClock('2026-05-01T10:00:00.700Z');
let crm: OpenSalesforce;
beforeEach(async () => {
  crm = await openSalesforce({ now: clock.now, contacts: 60 });
});
afterEach(() => crm.close());

const accountId = async (number = 'ALFKI') => String((await crm.rows(`SELECT Id FROM Account WHERE AccountNumber = '${number}'`))[0]?.Id);
const contactOf = async (account: string) =>
  String((await crm.rows(`SELECT Id FROM Contact WHERE AccountId = '${account}' ORDER BY Id LIMIT 1`))[0]?.Id);

describe('Salesforce’s ids (help.salesforce.com: 000385585)', () => {
  it.each([
    ['a0BA0000000L2ZC', 'MA0'],
    ['70130000001tcyI', 'AAQ'],
    ['00558000001N0Ke', 'AAK'],
  ])('%s carries the suffix %s', (id15, suffix) => {
    expect(caseSuffix(id15)).toBe(suffix);
    expect(idOf(id15)).toBe(id15 + suffix);
  });

  it('are told apart in 18 characters even by those who do not see case', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60_000_000 }), fc.integer({ min: 0, max: 60_000_000 }), (a, b) => {
        if (a !== b) expect(idAt('003', a).toLowerCase()).not.toBe(idAt('003', b).toLowerCase());
        expect(idOf(idAt('003', a).slice(0, 15))).toBe(idAt('003', a));
      }),
    );
    // Neighbours whose first 15 letters differ by case alone.
    expect(idAt('003', 10).slice(0, 15).toLowerCase()).toBe(idAt('003', 36).slice(0, 15).toLowerCase());
  });

  it('are found by their short form, and refused with a suffix that is not theirs', async () => {
    const id = await accountId();
    expect((await crm.data(`/sobjects/Account/${id.slice(0, 15)}?fields=Name`)).body).toMatchObject({ Name: 'Alfreds Futterkiste' });
    expect((await crm.data(`/sobjects/Account/${id.slice(0, 15)}999`)).status).toBe(404);
  });
});

describe('one record (api_rest: resources_sobject_retrieve)', () => {
  it('comes with all its fields, or with those that were asked for', async () => {
    const id = await accountId();
    expect((await crm.data(`/sobjects/Account/${id}?fields=Name,Phone`)).body).toEqual({
      attributes: { type: 'Account', url: `/services/data/v66.0/sobjects/Account/${id}` },
      Name: 'Alfreds Futterkiste',
      Phone: '030-0074321',
    });
    expect(Object.keys((await crm.data(`/sobjects/account/${id}`)).body)).toEqual(
      expect.arrayContaining(['BillingAddress', 'Website', 'SystemModstamp']),
    );
  });

  it('is 404 NOT_FOUND, or 404 ENTITY_IS_DELETED once it is in the bin', async () => {
    const codeOf = async (path: string) => {
      const { status, body } = await crm.data<Problem>(path);
      return [status, body[0]?.errorCode];
    };
    const id = await accountId();
    expect(await codeOf('/sobjects/Account/001000000000000AAA')).toEqual([404, 'NOT_FOUND']);
    expect(await codeOf('/sobjects/Account/nonsense')).toEqual([404, 'NOT_FOUND']);
    expect(await codeOf('/sobjects/Nothing/001000000000000AAA')).toEqual([404, 'NOT_FOUND']);
    expect(await codeOf(`/sobjects/Account/${id}?fields=Name,Nothing`)).toEqual([400, 'INVALID_FIELD']);
    expect((await crm.data(`/sobjects/Account/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect(await codeOf(`/sobjects/Account/${id}`)).toEqual([404, 'ENTITY_IS_DELETED']);
  });

  it('is created and changed, keeps whole seconds, and holds no empty text', async () => {
    const { status, body } = await crm.data('/sobjects/Contact', { json: { FirstName: ' Ann ', LastName: 'Lee', Title: '' } });
    expect(status).toBe(201);
    expect(body).toEqual({ id: expect.stringMatching(/^003\w{15}$/), success: true, errors: [] });
    const path = `/sobjects/Contact/${String(body.id)}`;
    clock.passMs(5_000);
    expect((await crm.data(path, { method: 'PATCH', json: { Phone: '1', FirstName: null } })).status).toBe(204);
    expect((await crm.data(`${path}?fields=Name,Title,Phone,CreatedDate,SystemModstamp`)).body).toMatchObject({
      Name: 'Lee',
      Title: null,
      Phone: '1',
      CreatedDate: '2026-05-01T10:00:00.000+0000',
      SystemModstamp: '2026-05-01T10:00:05.000+0000',
    });
  });

  it.each([
    [{ FirstName: 'Only' }, 'REQUIRED_FIELD_MISSING'],
    [{ LastName: 'x'.repeat(81) }, 'STRING_TOO_LONG'],
    [{ LastName: 'Lee', Email: 'no address' }, 'INVALID_EMAIL_ADDRESS'],
    [{ LastName: 'Lee', Nothing: 1 }, 'INVALID_FIELD'],
    [{ LastName: 'Lee', SystemModstamp: '2026-01-01T00:00:00Z' }, 'INVALID_FIELD_FOR_INSERT_UPDATE'],
    [{ LastName: 'Lee', AccountId: '001000000000000AAA' }, 'MALFORMED_ID'],
    [{ LastName: 5 }, 'JSON_PARSER_ERROR'],
  ])('is refused as %j: %s', async (json, code) => {
    const { status, body } = await crm.data<Problem>('/sobjects/Contact', { json });
    expect([status, body[0]?.errorCode]).toEqual([400, code]);
  });
});

describe('many records by id (api_rest: resources_composite_sobjects_collections_retrieve)', () => {
  it('come in the order asked for, with null for those that are not there', async () => {
    const [alfki, anatr] = [await accountId(), await accountId('ANATR')];
    await crm.data(`/sobjects/Account/${anatr}`, { method: 'DELETE' });
    const wanted = { ids: ['001000000000000AAA', alfki, anatr], fields: ['Id', 'Name'] };
    const posted = await crm.data('/composite/sobjects/Account', { json: wanted });
    expect(posted.body).toEqual([null, expect.objectContaining({ Id: alfki, Name: 'Alfreds Futterkiste' }), null]);
    expect((await crm.data(`/composite/sobjects/Account?ids=${wanted.ids.join()}&fields=Id,Name`)).body).toEqual(posted.body);
  });

  it('are 2,000 at most, and one unknown field fails all', async () => {
    const ids = (count: number) => Array.from({ length: count }, (_, at) => idAt('001', at + 1));
    expect((await crm.data('/composite/sobjects/Account', { json: { ids: ids(2_000), fields: ['Id'] } })).body).toHaveLength(2_000);
    expect((await crm.data('/composite/sobjects/Account', { json: { ids: ids(2_001), fields: ['Id'] } })).status).toBe(400);
    const bad = await crm.data<Problem>('/composite/sobjects/Account', { json: { ids: ids(1), fields: ['Id', 'Nothing'] } });
    expect([bad.status, bad.body[0]?.errorCode]).toEqual([400, 'INVALID_FIELD']);
  });
});

describe('what Salesforce says of itself', () => {
  it('lists its versions to anybody, and its resources to those who signed in (dome_versions)', async () => {
    const versions = (await ask<readonly { version: string; label: string }[]>(`${crm.url}/services/data`)).body;
    expect(versions).toContainEqual({ label: "Spring '26", url: '/services/data/v66.0', version: '66.0' });
    expect((await crm.data('')).body).toMatchObject({ query: '/services/data/v66.0/query' });
    expect((await ask(`${crm.url}/services/data/v66.0/limits`)).status).toBe(401);
  });

  it('is gone in versions that were retired (api_rest_eol)', async () => {
    for (const retired of ['v7.0', 'v30.0']) expect((await crm.send(`/services/data/${retired}/limits`)).status).toBe(410);
    expect((await crm.send('/services/data/v99.0/limits')).status).toBe(404);
    expect((await crm.send('/services/data/v60.0/limits')).status).toBe(200);
  });

  it('describes its objects with their fields’ lengths (resources_sobject_describe)', async () => {
    const { body } = await crm.data<{ fields: readonly { name: string }[] }>('/sobjects/Contact/describe');
    expect(body.fields).toContainEqual(expect.objectContaining({ name: 'LastName', type: 'string', length: 80, nillable: false }));
    expect(body.fields).toContainEqual(
      expect.objectContaining({ name: 'AccountId', referenceTo: ['Account'], relationshipName: 'Account' }),
    );
    expect(body.fields.map(({ name }) => name)).not.toContain('IsPersonAccount');
    expect((await crm.data('/sobjects')).body).toMatchObject({
      sobjects: expect.arrayContaining([expect.objectContaining({ name: 'Account', keyPrefix: '001' })]),
    });
  });

  it('counts requests, and refuses with 403 and no Retry-After when the day’s are spent (api_rest: errorcodes)', async () => {
    const first = await crm.data('/limits');
    expect(first.headers.get('sforce-limit-info')).toBe('api-usage=1/100000');
    expect(first.body).toMatchObject({ DailyApiRequests: { Max: 100_000, Remaining: 99_999 }, DailyBulkV2QueryJobs: { Max: 10_000 } });
    await crm.set({ dailyApiRequests: 2 });
    expect((await crm.data('/limits')).status).toBe(200);
    const spent = await crm.data<Problem>('/limits');
    expect([spent.status, spent.body[0]?.errorCode, spent.headers.get('retry-after')]).toEqual([403, 'REQUEST_LIMIT_EXCEEDED', null]);
    clock.passMs(86_400_000);
    await crm.signInAgain();
    expect((await crm.data('/limits')).status).toBe(200);
  });
});

describe('removals in Salesforce', () => {
  it('go to the bin with what hung on them, where queryAll still finds them (resources_queryall)', async () => {
    const account = await accountId();
    const contact = await contactOf(account);
    await crm.data(`/sobjects/Account/${account}`, { method: 'DELETE' });
    expect(await crm.rows(`SELECT Id FROM Account WHERE Id = '${account}'`)).toEqual([]);
    const found = (await crm.query(`SELECT Id, IsDeleted, MasterRecordId FROM Contact WHERE Id = '${contact}'`, { path: 'queryAll' })).body
      .records;
    expect(found).toEqual([expect.objectContaining({ Id: contact, IsDeleted: true, MasterRecordId: null })]);
    const binned = await crm.query(`SELECT Id FROM Account WHERE IsDeleted = true AND SystemModstamp >= 2026-05-01T00:00:00Z`, {
      path: 'queryAll',
    });
    expect(binned.body.totalSize).toBe(1);
    await crm.control('DELETE', 'recycle-bin');
    expect((await crm.query('SELECT Id FROM Account WHERE IsDeleted = true', { path: 'queryAll' })).body.totalSize).toBe(0);
  });

  it('by a merge name the master, which takes over the contacts (sforce_api_calls_merge)', async () => {
    const [master, loser] = [await accountId(), await accountId('ANATR')];
    const contact = await contactOf(loser);
    expect((await crm.control('POST', 'merge', { masterId: master, loserIds: [loser] })).status).toBe(204);
    const all = (await crm.query(`SELECT IsDeleted, MasterRecordId FROM Account WHERE Id = '${loser}'`, { path: 'queryAll' })).body.records;
    expect(all).toEqual([expect.objectContaining({ IsDeleted: true, MasterRecordId: master })]);
    expect(await crm.rows(`SELECT AccountId FROM Contact WHERE Id = '${contact}'`)).toEqual([
      expect.objectContaining({ AccountId: master }),
    ]);
    expect((await crm.control('POST', 'merge', { masterId: master, loserIds: [master] })).status).toBe(400);
  });
});

describe('replication (api_rest: resources_getupdated, resources_getdeleted)', () => {
  const window = (start: string, end: string) => `?start=${encodeURIComponent(start)}&end=${encodeURIComponent(end)}`;
  const today = () => {
    const now = clock.now().getTime();
    return window(new Date(now - 3_600_000).toISOString(), new Date(now + 120_000).toISOString());
  };

  it('tells what changed by its ids, and from when to ask the next time', async () => {
    const id = await accountId();
    await crm.data(`/sobjects/Account/${id}`, { method: 'PATCH', json: { Phone: '1' } });
    const { body } = await crm.data(`/sobjects/Account/updated/${today()}`);
    expect(body).toEqual({ ids: [id], latestDateCovered: expect.stringMatching(/:00\.000\+0000$/) });
  });

  it('tells what was deleted, even after the bin was emptied, and not what came back', async () => {
    const id = await accountId();
    await crm.data(`/sobjects/Account/${id}`, { method: 'DELETE' });
    await crm.control('DELETE', 'recycle-bin');
    const { body } = await crm.data(`/sobjects/Account/deleted${today()}`);
    expect(body).toMatchObject({ deletedRecords: [{ id, deletedDate: expect.any(String) }], earliestDateAvailable: expect.any(String) });
  });

  it('forgets when its log is purged, and says since when it knows', async () => {
    await crm.data(`/sobjects/Account/${await accountId()}`, { method: 'DELETE' });
    clock.passMs(60_000);
    await crm.control('DELETE', 'delete-log');
    const { body } = await crm.data(`/sobjects/Account/deleted/${today()}`);
    expect(body).toMatchObject({ deletedRecords: [], earliestDateAvailable: clock.now().toISOString().replace('Z', '+0000') });
  });

  it('reaches 30 days back for changes and 15 for deletions, and a window is a minute or more', async () => {
    const codeOf = async (feed: string, startDaysAgo: number, endDaysAgo: number) => {
      const at = (days: number) => new Date(clock.now().getTime() - days * 86_400_000).toISOString();
      const { status, body } = await crm.data<Problem>(`/sobjects/Account/${feed}/${window(at(startDaysAgo), at(endDaysAgo))}`);
      return status === 200 ? 'fine' : body[0]?.errorCode;
    };
    expect(await codeOf('updated', 29, 0)).toBe('fine');
    expect(await codeOf('updated', 31, 0)).toBe('INVALID_REPLICATION_DATE');
    expect(await codeOf('deleted', 14, 0)).toBe('fine');
    expect(await codeOf('deleted', 16, 0)).toBe('INVALID_REPLICATION_DATE');
    expect(await codeOf('deleted', 1, 1)).toBe('INVALID_REPLICATION_DATE');
  });
});

describe('changes without a person', () => {
  it('of thousands of records at once share one SystemModstamp', async () => {
    clock.passMs(60_000);
    expect((await crm.control('POST', 'mass-update', { object: 'Contact', count: 90, values: { Title: 'Customer' } })).body).toEqual({
      updated: 90,
    });
    const changed = await crm.rows("SELECT SystemModstamp, LastModifiedDate FROM Contact WHERE Title = 'Customer'");
    expect(changed).toHaveLength(90);
    expect(new Set(changed.map(({ SystemModstamp }) => SystemModstamp)).size).toBe(1);
  });

  it('move SystemModstamp and leave LastModifiedDate', async () => {
    clock.passMs(60_000);
    await crm.control('POST', 'mass-update', { object: 'Account', count: 1, isBySystem: true });
    const [first] = await crm.rows('SELECT SystemModstamp, LastModifiedDate FROM Account ORDER BY SystemModstamp DESC LIMIT 1');
    expect(first?.SystemModstamp).not.toEqual(first?.LastModifiedDate);
  });
});
