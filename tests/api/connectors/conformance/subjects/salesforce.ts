import { clientId, clientSecret } from '../../../../../api/sandbox/src/salesforce/data/identity.ts';
import type { TableName } from '../../../../../api/src/crm/types.ts';
import { openSalesforce } from '../../../../sandbox/salesforce/salesforce.ts';
import { createSharedTime, pastLags, readConnector, type Subject } from './subject.ts';

const objects: Readonly<Record<TableName, string>> = { account: 'Account', contact: 'Contact' };

export const openSubject = async (): Promise<Subject> => {
  const manifest = await readConnector('salesforce');
  const time = createSharedTime();
  const crm = await openSalesforce({ accounts: 60, contacts: 160, now: time.now });
  // Salesforce decides how long pages are.
  await crm.set({ largestPage: 40 });
  for (const object of Object.values(objects)) await crm.control('POST', 'mass-update', { object, count: 70 });
  time.pass(pastLags);
  const path = (table: TableName, id = ''): string => `/sobjects/${objects[table]}/${id}`;
  return {
    manifest,
    connection: {
      source: { id: 'salesforce', settings: { address: crm.url, clientId, clientSecret }, allowPrivateNetwork: true },
      clock: time.clock,
      sleep: time.sleep,
    },
    changer: {
      mayChangeAny: true,
      create: async (table) => {
        await crm.signInAgain();
        const json = table === 'account' ? { Name: 'Made for a test' } : { LastName: 'Made for a test' };
        return String((await crm.data(path(table).slice(0, -1), { json })).body.id);
      },
      change: async (table, id) =>
        void (await crm.data(path(table, id), { method: 'PATCH', json: { Phone: `+43 ${time.clock.nowMs()}` } })),
      remove: async (table, id) => void (await crm.data(path(table, id), { method: 'DELETE' })),
    },
    close: crm.close,
  };
};
