import { northwindApiKey } from '../../../../../api/sandbox/src/northwind/server.ts';
import type { TableName } from '../../../../../api/src/crm/types.ts';
import { openNorthwind } from '../../../../sandbox/northwind/northwind.ts';
import { createSharedTime, readConnector, type Subject } from './subject.ts';

const collections: Readonly<Record<TableName, string>> = { account: 'companies', contact: 'people' };

export const openSubject = async (): Promise<Subject> => {
  const manifest = await readConnector('northwind');
  const time = createSharedTime();
  // Its Date header is the machine's, so its stamps are too.
  const crm = await openNorthwind({ accounts: 40, contacts: 160 });
  const path = (table: TableName, id?: string): string =>
    `/api/v1/${collections[table]}${id === undefined ? '' : `/${encodeURIComponent(id)}`}`;
  return {
    manifest,
    connection: {
      source: { id: 'northwind', settings: { baseUrl: crm.url, apiKey: northwindApiKey }, allowPrivateNetwork: true },
      clock: time.clock,
      sleep: time.sleep,
    },
    changer: {
      mayChangeAny: true,
      create: async (table) => {
        const values = table === 'account' ? { name: 'Made for a test' } : { full_name: 'Made Fortest' };
        const { body } = await crm.ask('POST', path(table), values);
        return String(body.id);
      },
      change: async (table, id) => void (await crm.ask('PATCH', path(table, id), { phone: `+43 ${Date.now()}` })),
      remove: async (table, id) => void (await crm.ask('DELETE', path(table, id))),
    },
    close: crm.close,
  };
};
