import { clientId, clientSecret } from '../../../../../api/sandbox/src/servicenow/data/identity.ts';
import type { TableName } from '../../../../../api/src/crm/types.ts';
import { openServiceNow } from '../../../../sandbox/servicenow/servicenow.ts';
import { createSharedTime, pastLags, readConnector, type Subject } from './subject.ts';

const tables: Readonly<Record<TableName, string>> = { account: 'customer_account', contact: 'customer_contact' };

export const openSubject = async (): Promise<Subject> => {
  const manifest = await readConnector('servicenow');
  const time = createSharedTime();
  const crm = await openServiceNow({ accounts: 60, contacts: 160, now: time.now });
  for (const table of Object.values(tables)) await crm.control('POST', 'mass-update', { table, count: 70, values: { phone: '+43 1 1' } });
  time.pass(pastLags);
  const path = (table: TableName, id: string): string => `${tables[table]}/${id}`;
  return {
    manifest,
    connection: {
      source: { id: 'servicenow', settings: { address: crm.url, clientId, clientSecret }, allowPrivateNetwork: true },
      clock: time.clock,
      sleep: time.sleep,
    },
    changer: {
      mayChangeAny: true,
      create: async (table) => {
        const json = table === 'account' ? { name: 'Made for a test' } : { first_name: 'Made', last_name: 'Fortest' };
        const { body } = await crm.table<{ readonly result: { readonly sys_id: string } }>(tables[table], {}, { json });
        return body.result.sys_id;
      },
      change: async (table, id) =>
        void (await crm.table(path(table, id), {}, { method: 'PATCH', json: { phone: `+43 ${time.clock.nowMs()}` } })),
      remove: async (table, id) => void (await crm.table(path(table, id), {}, { method: 'DELETE' })),
    },
    close: crm.close,
  };
};
