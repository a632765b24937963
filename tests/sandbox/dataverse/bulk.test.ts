/** bulk-operations.md; reference pages of CreateMultiple, UpdateMultiple, UpsertMultiple */
import * as fc from 'fast-check';
import { startTestDataverse, type TestDataverse } from './dataverse-client.ts';

const type = { '@odata.type': 'Microsoft.Dynamics.CRM.contact' };
const key = (value: string) => ({ '@odata.id': `contacts(ccsync_sourcekey='${value}')` });

describe('bulk messages of Dataverse', () => {
  let dataverse: TestDataverse;
  beforeAll(async () => {
    dataverse = await startTestDataverse();
  });
  afterAll(() => dataverse.close());
  beforeEach(() => dataverse.reset());

  const send = (message: string, targets: unknown, set = 'contacts') =>
    dataverse.post(`${set}/Microsoft.Dynamics.CRM.${message}`, { Targets: targets });
  const lastNames = async () => (await dataverse.get('contacts?$select=lastname&$orderby=lastname')).rows.map((row) => row.lastname);

  it('CreateMultiple is answered 200 with the ids in the order of the targets', async () => {
    const answer = await send('CreateMultiple', [
      { ...type, lastname: 'B' },
      { ...type, lastname: 'A' },
    ]);
    expect(answer.status).toBe(200);
    const [first, second] = answer.json.Ids as readonly string[];
    expect((await dataverse.get(`contacts(${first})`)).json.lastname).toBe('B');
    expect((await dataverse.get(`contacts(${second})`)).json.lastname).toBe('A');
  });

  it('UpdateMultiple is answered 204 and updates by primary key or by alternate key', async () => {
    const id = await dataverse.create('contacts', { lastname: 'A' });
    await dataverse.create('contacts', { lastname: 'B', ccsync_sourcekey: 'k' });
    const answer = await send('UpdateMultiple', [
      { ...type, contactid: id, lastname: 'A2' },
      { ...type, ...key('k'), lastname: 'B2' },
    ]);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(await lastNames()).toEqual(['A2', 'B2']);
  });

  it('UpdateMultiple never creates: a missing row refuses the call', async () => {
    await dataverse.create('contacts', { lastname: 'A', ccsync_sourcekey: 'k' });
    const answer = await send('UpdateMultiple', [
      { ...type, ...key('k'), lastname: 'A2' },
      { ...type, ...key('none'), lastname: 'B' },
    ]);
    expect([answer.status, answer.error.code]).toEqual([404, '0x80060891']);
    expect(await lastNames()).toEqual(['A']);
  });

  it('UpsertMultiple creates and updates in one call, and is answered 204 without a body', async () => {
    await dataverse.create('contacts', { lastname: 'Old', ccsync_sourcekey: 'k1' });
    const chosen = '00000000-0000-0000-0000-0000000000aa';
    const answer = await send('UpsertMultiple', [
      { ...type, ...key('k1'), lastname: 'Updated' },
      { ...type, ...key('k2'), lastname: 'Created' },
      { ...type, contactid: chosen, lastname: 'Chosen' },
      { ...type, lastname: 'Anonymous' },
    ]);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(await lastNames()).toEqual(['Anonymous', 'Chosen', 'Created', 'Updated']);
    expect((await dataverse.get(`contacts(ccsync_sourcekey='k2')`)).json).toMatchObject({ lastname: 'Created', ccsync_sourcekey: 'k2' });
    expect((await dataverse.get(`contacts(${chosen})`)).json.lastname).toBe('Chosen');
  });

  it('one bad target rolls back the whole call and is the only error', async () => {
    await dataverse.create('contacts', { lastname: 'Old', ccsync_sourcekey: 'k1' });
    const answer = await send('UpsertMultiple', [
      { ...type, ...key('k1'), lastname: 'New' },
      { ...type, ...key('k2'), lastname: 'x'.repeat(51) },
    ]);
    expect([answer.status, answer.error.code]).toEqual([400, '0x80044331']);
    expect(await lastNames()).toEqual(['Old']);
    expect((await dataverse.control('GET', 'statistics')).json).toMatchObject({ writesByTable: { contact: 1 }, rowsUpserted: 0 });
  });

  it('a bind to a missing parent rolls back the whole call', async () => {
    const answer = await send('UpsertMultiple', [
      { ...type, ...key('k1'), lastname: 'A' },
      { ...type, ...key('k2'), lastname: 'B', 'parentcustomerid_account@odata.bind': `/accounts(ccsync_sourcekey='none')` },
    ]);
    expect(answer.error.code).toBe('0x80060891');
    expect(await lastNames()).toEqual([]);
  });

  it.each([
    ['the same alternate key', [key('k'), key('k')]],
    ['alternate keys that differ in case', [key('k'), key('K')]],
    [
      'the same primary key',
      [{ contactid: '00000000-0000-0000-0000-0000000000aa' }, { contactid: '00000000-0000-0000-0000-0000000000AA' }],
    ],
  ])('two targets with %s refuse the whole call', async (_what, addresses) => {
    const answer = await send(
      'UpsertMultiple',
      addresses.map((address) => ({ ...type, ...address, lastname: 'A' })),
    );
    expect([answer.status, answer.error.code]).toEqual([412, '0x80040237']);
    expect(await lastNames()).toEqual([]);
  });

  it('a row named once by key and once by id is a duplicate too', async () => {
    const id = await dataverse.create('contacts', { lastname: 'Old', ccsync_sourcekey: 'k' });
    const answer = await send('UpsertMultiple', [
      { ...type, ...key('k'), lastname: 'A' },
      { ...type, contactid: id, lastname: 'B' },
    ]);
    expect(answer.status).toBe(412);
    expect(await lastNames()).toEqual(['Old']);
  });

  it('a key column in the body beside @odata.id is refused on create and let pass on update', async () => {
    const target = { ...type, ...key('k'), ccsync_sourcekey: 'k', lastname: 'A' };
    const created = await send('UpsertMultiple', [target]);
    expect([created.status, created.error.code]).toEqual([400, '0x80040216']);
    await dataverse.create('contacts', { lastname: 'Old', ccsync_sourcekey: 'k' });
    expect((await send('UpsertMultiple', [target])).status).toBe(204);
  });

  it('every target needs its @odata.type, of the right table', async () => {
    for (const wrong of [{}, { '@odata.type': 'Microsoft.Dynamics.CRM.account' }, { '@odata.type': 5 }]) {
      const answer = await send('UpsertMultiple', [
        { ...type, ...key('k1'), lastname: 'A' },
        { ...wrong, ...key('k2'), lastname: 'B' },
      ]);
      expect([answer.status, answer.error.code]).toEqual([400, '0x80048d19']);
    }
    expect(await lastNames()).toEqual([]);
  });

  it('calls that make no sense are refused, not answered 500', async () => {
    for (const targets of [undefined, null, [], {}, 'x', [null], [[]], [5]])
      expect([targets, (await send('UpsertMultiple', targets)).status]).toEqual([targets, 400]);
    expect((await send('UpsertMultiple', [{ ...type, '@odata.id': `accounts(ccsync_sourcekey='k')` }])).status).toBe(400);
    expect((await send('UpsertMultiple', [{ ...type, contactid: 5 }])).status).toBe(400);
    expect((await dataverse.get('contacts/Microsoft.Dynamics.CRM.UpsertMultiple')).status).toBe(405);
  });

  it('DeleteMultiple is for elastic tables only', async () => {
    expect((await send('DeleteMultiple', [{ ...type, contactid: '00000000-0000-0000-0000-0000000000aa' }])).status).toBe(501);
  });

  it('a table that does not offer the messages says so, in sdkmessagefilters too', async () => {
    const probe = (message: string) =>
      dataverse.get(
        `sdkmessagefilters?$select=sdkmessagefilterid&$filter=sdkmessageid/name eq '${message}' and primaryobjecttypecode eq 'contact'`,
      );
    expect((await probe('CreateMultiple')).rows).toHaveLength(1);
    expect((await probe('UpdateMultiple')).rows).toHaveLength(1);
    expect((await probe('UpsertMultiple')).rows).toHaveLength(0);
    await dataverse.control('POST', 'environment', { offersBulkMessages: false });
    expect((await probe('CreateMultiple')).rows).toHaveLength(0);
    expect((await probe('Create')).rows).toHaveLength(1);
    expect((await send('UpsertMultiple', [{ ...type, ...key('k'), lastname: 'A' }])).status).toBe(400);
  });

  it('leaves exactly what single upserts would leave, in any mix of new and known rows', async () => {
    const record = fc.record({
      key: fc.integer({ min: 0, max: 9 }),
      lastname: fc.string({ minLength: 1, maxLength: 50, unit: 'grapheme-ascii' }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uniqueArray(record, { selector: ({ key: number }) => number, minLength: 1, maxLength: 6 }), { maxLength: 4 }),
        async (calls) => {
          const read = async () =>
            (await dataverse.get('contacts?$select=ccsync_sourcekey,lastname&$orderby=ccsync_sourcekey')).rows.map((row) => [
              row.ccsync_sourcekey,
              row.lastname,
            ]);
          dataverse.reset();
          for (const call of calls)
            await send(
              'UpsertMultiple',
              call.map((item) => ({ ...type, ...key(`k${item.key}`), lastname: item.lastname })),
            );
          const bulk = await read();
          dataverse.reset();
          for (const item of calls.flat()) await dataverse.patch(`contacts(ccsync_sourcekey='k${item.key}')`, { lastname: item.lastname });
          expect(bulk).toEqual(await read());
        },
      ),
      { numRuns: 20 },
    );
  });
});
