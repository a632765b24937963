import { setTimeout as delay } from 'node:timers/promises';
import { hubSpotSandbox } from '../../../api/sandbox/src/hubspot/identity.ts';
import { clientId as salesforceId, clientSecret as salesforceSecret } from '../../../api/sandbox/src/salesforce/data/identity.ts';
import { clientId as serviceNowId, clientSecret as serviceNowSecret } from '../../../api/sandbox/src/servicenow/data/identity.ts';
import { zendeskSandbox } from '../../../api/sandbox/src/zendesk/identity.ts';
import type { SearchTerm, SourceRecord, TableReader } from '../../../api/src/crm/types.ts';
import { type Sandbox, startSandbox } from '../../support/sandbox.ts';
import { openSource } from './support/open-source.ts';

const signal = new AbortController().signal;

const settingsOf: Readonly<Record<string, (address: string) => Readonly<Record<string, string>>>> = {
  salesforce: (address) => ({ address, clientId: salesforceId, clientSecret: salesforceSecret }),
  servicenow: (address) => ({ address, clientId: serviceNowId, clientSecret: serviceNowSecret }),
  hubspot: (address) => ({
    portalId: String(hubSpotSandbox.portalId),
    address,
    appAddress: address,
    accessToken: hubSpotSandbox.privateAppToken,
  }),
  zendesk: (address) => ({ address, signIn: 'token', email: zendeskSandbox.adminEmail, apiToken: zendeskSandbox.apiToken }),
};

describe('an agent’s search of', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ accounts: 3, contacts: 8, crms: Object.keys(settingsOf) });
  }, 60_000);
  afterAll(() => sandbox.stop());

  const columnOf = (reader: TableReader, { fields }: SourceRecord, name: string): string => {
    const value = reader.columns.find(({ to }) => to.length === 1 && to[0] === name)?.read(fields);
    return typeof value === 'string' ? value : '';
  };

  const termOf: Readonly<Record<SearchTerm['by'], (reader: TableReader, record: SourceRecord) => string>> = {
    email: (reader, record) => columnOf(reader, record, 'emailaddress1'),
    phone: (reader, record) => columnOf(reader, record, 'telephone1'),
    name: (reader, record) =>
      reader.table === 'account'
        ? columnOf(reader, record, 'name')
        : `${columnOf(reader, record, 'firstname')} ${columnOf(reader, record, 'lastname')}`.trim(),
  };

  describe.each(Object.keys(settingsOf))('%s', (id) => {
    // HubSpot counts searches by the second, so time goes as it does.
    const time = { clock: { nowMs: () => Date.now() }, sleep: (ms: number) => delay(ms) };
    const open = async () => (await openSource({ id, settings: settingsOf[id]?.(sandbox.crmUrls[id] ?? '') ?? {}, ...time })).connector;

    const firstWith = async (reader: TableReader, by: SearchTerm['by']): Promise<SourceRecord> => {
      for await (const { records } of reader.listAll(null, signal)) {
        const found = records.find((record) => !record.isDeleted && !record.isSkipped && termOf[by](reader, record).length > 6);
        if (found !== undefined) return found;
      }
      throw new Error(`${id} has no ${reader.table} with this`);
    };

    it.each([
      ['contact', 'email'],
      ['contact', 'phone'],
      ['contact', 'name'],
      ['account', 'name'],
    ] as const)('finds a %s by its %s, with all that the mapping needs of it', async (table, by) => {
      const reader = (await open()).table(table);
      const wanted = await firstWith(reader, by);
      const found = (await reader.search?.({ by, text: termOf[by](reader, wanted) }, signal)) ?? [];
      const same = found.find((record) => record.id === wanted.id);
      expect(same).toMatchObject({ id: wanted.id, url: wanted.url });
      for (const column of ['emailaddress1', 'telephone1', 'lastname', 'name'])
        if (same !== undefined) expect(columnOf(reader, same, column)).toBe(columnOf(reader, wanted, column));
      expect(found.length).toBeLessThanOrEqual(10);
    });

    it('finds nobody by a name that nobody has, nor by what would change the question', async () => {
      const reader = (await open()).table('contact');
      for (const text of ['Nobody Ofthatname', "x' OR Name != '", 'x^ORactive=true', '" role:admin "', '%%']) {
        expect(await reader.search?.({ by: 'name', text }, signal)).toEqual([]);
      }
    });
  });
});
