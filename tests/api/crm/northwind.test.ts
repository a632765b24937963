import { loadManifest } from '../../../api/src/crm/manifest/load-manifest.ts';
import { openConnector } from '../../../api/src/crm/open-connector.ts';
import type { SourceConnector, SourceRecord, TableName } from '../../../api/src/crm/types.ts';
import { crmApiKey, type Sandbox, startSandbox } from '../../support/sandbox.ts';
import { idsOf, never, readRecords } from './support/people-crm.ts';

const open = async (crmUrl: string, apiKey: string = crmApiKey): Promise<SourceConnector> =>
  openConnector({
    manifest: await loadManifest('api/connectors/northwind/manifest.yaml'),
    source: { id: 'northwind', settings: { baseUrl: crmUrl, apiKey }, allowPrivateNetwork: true },
    clock: { nowMs: () => Date.now() },
  });

describe('the Northwind CRM through its manifest', () => {
  let sandbox: Sandbox;
  let connector: SourceConnector;

  beforeAll(async () => {
    sandbox = await startSandbox({ accounts: 700, contacts: 1300 });
    connector = await open(sandbox.crmUrl);
  });
  afterAll(() => sandbox.stop());

  const row = (table: TableName, record: SourceRecord | null) =>
    Object.fromEntries(
      connector.table(table).columns.map(({ to, read }) => [to.join(','), record === null ? undefined : read(record.fields)]),
    );

  it('can be reached, and a wrong key is named as such', async () => {
    expect(await connector.check(never)).toMatchObject({ isReachable: true });
    await expect((await open(sandbox.crmUrl, 'wrong')).check(never)).rejects.toMatchObject({ code: 'crm.unauthorised' });
  });

  it.each<readonly [TableName, 'companies' | 'people']>([
    ['account', 'companies'],
    ['contact', 'people'],
  ])('gives every %s once', async (table, collection) => {
    const ids = idsOf(await readRecords(connector.table(table).listAll(null, never)));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBe(await sandbox.crm.count(collection));
  });

  it('maps a company and a person of the sample data', async () => {
    const company = await connector.table('account').getOne('ALFKI', never);
    expect(company).toMatchObject({ parentId: null, url: `${sandbox.crmUrl}/companies/ALFKI`, isDeleted: false });
    expect(row('account', company)).toMatchObject({
      name: 'Alfreds Futterkiste',
      telephone1: '030-0074321',
      'address1_line1,address1_line2,address1_line3': ['Obere Str. 57', null, null],
      address1_stateorprovince: null,
    });
    const person = await connector.table('contact').getOne('100001', never);
    expect(person).toMatchObject({ parentId: 'ALFKI', url: `${sandbox.crmUrl}/people/100001` });
    expect(row('contact', person)).toMatchObject({ firstname: 'Maria', lastname: 'Anders', jobtitle: 'Sales Representative' });
  });

  it('finds exactly what changed, was made or was removed since', async () => {
    const people = connector.table('contact');
    const [first, second, third] = await readRecords(people.listAll(null, never));
    if (first === undefined || second === undefined || third === undefined) throw new Error('the sandbox is empty');
    const fromMs = Date.now();
    await sandbox.crm.patch('people', second.id, { phone: '+43 1 234' });
    await sandbox.crm.delete('people', third.id);
    const made = await sandbox.crm.create('people', { full_name: 'Ludwig van Beethoven', company_id: 'ALFKI' });
    const changed = await readRecords(people.listChanges({ fromMs, toMs: connector.nowMs() }, null, never));
    expect(changed.map(({ id, isDeleted }) => [id, isDeleted]).sort()).toEqual(
      [
        [second.id, false],
        [third.id, true],
        [made, false],
      ].sort(),
    );
    expect(await people.getOne(third.id, never)).toMatchObject({ isDeleted: true });
    expect(await people.getOne('999999999', never)).toBeNull();
    expect([...idsOf(await people.getMany([first.id, third.id, made, '999999999'], never))].sort()).toEqual(
      [first.id, third.id, made].sort(),
    );
  });

  it('is read through trouble that passes', async () => {
    await sandbox.crm.addFault({ kind: 'unavailable', count: 1, path: '/api/v1/companies' });
    await sandbox.crm.addFault({ kind: 'throttle', count: 1, retryAfterSeconds: 1, path: '/api/v1/companies' });
    expect(await connector.table('account').getOne('ALFKI', never)).toMatchObject({ id: 'ALFKI' });
    await sandbox.crm.clearFaults();
  });
});
