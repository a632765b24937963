import { type OpenServiceNow, openServiceNow } from '../../../sandbox/servicenow/servicenow.ts';
import { createMemoryTenants } from '../../../../api/src/crm/tenant-guard.ts';
import { idsOf, never, readRecords } from '../../crm/support/people-crm.ts';
import { replaceIn } from '../support/open-source.ts';
import { openConnected, signIns } from './support.ts';

describe('the address of an instance', () => {
  it.each([
    ['https://acme.service-now.com', true],
    ['https://acme.servicenowservices.com/', true],
    ['https://acme.service-now.com.evil.example', false],
    ['http://acme.service-now.com', false],
    ['https://support.acme.example', false],
  ])('takes %s for an address of ServiceNow: %s', async (address, isTaken) => {
    const opened = openConnected(address).then(
      () => true,
      ({ code }: { code: string }) => code !== 'source.settings_invalid',
    );
    expect(await opened).toBe(isTaken);
  });
});

describe('an instance', () => {
  let crm: OpenServiceNow;
  beforeEach(async () => {
    crm = await openServiceNow({ accounts: 40 });
  });
  afterEach(() => crm.close());

  const smallPages = replaceIn('size: 1000', 'size: 20');
  const accounts = '/api/now/v2/table/customer_account';

  describe('signing in to ServiceNow', () => {
    it.each(Object.keys(signIns))('lets in by %s', async (signIn) => {
      const { connector } = await openConnected(crm.url, { settings: { signIn, ...signIns[signIn] } });
      expect(await connector.check(never)).toMatchObject({ isReachable: true, notes: [] });
      expect((await readRecords(connector.table('account').listAll(null, never))).length).toBe(await crm.countOf('customer_account', ''));
    });

    it.each([
      ['oauth', 'clientSecret', 'crm.sign_in_refused'],
      ['basic', 'password', 'crm.unauthorised'],
      ['apiKey', 'apiKey', 'crm.unauthorised'],
    ])('says so when the secret for %s is wrong', async (signIn, name, code) => {
      const { connector } = await openConnected(crm.url, { settings: { signIn, ...signIns[signIn], [name]: 'wrong' } });
      await expect(connector.check(never)).rejects.toMatchObject({ code });
    });

    it('says so when the instance does not allow client credentials', async () => {
      await crm.set({ isClientCredentialsEnabled: false });
      const { connector } = await openConnected(crm.url);
      await expect(connector.check(never)).rejects.toMatchObject({ code: 'crm.sign_in_refused' });
    });

    it('fetches another token when its own ends in the middle of a list', async () => {
      const { connector } = await openConnected(crm.url, { change: smallPages });
      const ids: string[] = [];
      for await (const { records } of connector.table('account').listAll(null, never)) {
        ids.push(...idsOf(records));
        await crm.control('DELETE', 'sessions');
      }
      expect(new Set(ids).size).toBe(await crm.countOf('customer_account', ''));
    });

    it('fails clearly in the middle of a list when a password does no longer count', async () => {
      const { connector } = await openConnected(crm.url, { change: smallPages, settings: { signIn: 'basic', ...signIns.basic } });
      await crm.fault({ kind: 'unauthorised', path: accounts, after: 2 });
      await expect(readRecords(connector.table('account').listAll(null, never))).rejects.toMatchObject({ code: 'crm.unauthorised' });
    });
  });

  describe('whose ServiceNow it is', () => {
    it('stops a source that suddenly answers as another instance, before anything is read', async () => {
      const tenants = createMemoryTenants();
      await (await openConnected(crm.url, { tenants })).connector.check(never);
      await crm.set({ instanceName: 'northwinddev' });
      const { connector } = await openConnected(crm.url, { tenants });
      await expect(connector.check(never)).rejects.toMatchObject({ code: 'crm.other_tenant' });
      await expect(readRecords(connector.table('account').listAll(null, never))).rejects.toMatchObject({ code: 'crm.other_tenant' });
    });

    it('names what the user may not read when the property is not granted', async () => {
      await crm.set({ forbiddenTables: ['sys_properties'] });
      const { connector } = await openConnected(crm.url);
      await expect(connector.check(never)).rejects.toMatchObject({
        code: 'crm.forbidden',
        details: { what: 'the probe (GET /sys_properties)' },
      });
    });
  });

  describe("ServiceNow's limits", () => {
    it('waits as long as it is told to, and then goes on', async () => {
      const { connector, slept } = await openConnected(crm.url, { change: smallPages });
      await crm.fault({ kind: 'throttle', retryAfterSeconds: 7, path: accounts, after: 1 });
      expect((await readRecords(connector.table('account').listAll(null, never))).length).toBe(await crm.countOf('customer_account', ''));
      expect(slept).toContain(7_000);
    });

    it('ends the run instead of waiting, when the hour that the rule counts by has long to go', async () => {
      const untilFullHourMs = 3_600_000 - (Date.now() % 3_600_000);
      await crm.control('PUT', 'clock', { skewMs: untilFullHourMs + 60_000 });
      const { connector } = await openConnected(crm.url, { change: smallPages });
      await crm.set({ requestsPerHour: 2 });
      await expect(readRecords(connector.table('account').listAll(null, never))).rejects.toMatchObject({ code: 'crm.rate_limited' });
    });

    it('takes the page of a hibernating instance for no answer', async () => {
      const { connector } = await openConnected(crm.url, { settings: { signIn: 'basic', ...signIns.basic } });
      await crm.set({ isHibernating: true });
      await expect(connector.check(never)).rejects.toMatchObject({
        code: 'crm.bad_answer',
        details: { problem: 'it is a web page, not JSON' },
      });
    });
  });
});
