import type { TableName } from '../../../../../api/src/crm/types.ts';
import { zendeskSandbox } from '../../../../../api/sandbox/src/zendesk/identity.ts';
import { openZendesk } from '../../../../sandbox/zendesk/zendesk.ts';
import { createSharedTime, pastLags, readConnector, type Subject } from './subject.ts';

const names = { account: 'organization', contact: 'user' } as const;
const { clientId, clientSecret } = zendeskSandbox;

export const openSubject = async (): Promise<Subject> => {
  const manifest = await readConnector('zendesk');
  const time = createSharedTime();
  const crm = await openZendesk({ accounts: 60, contacts: 160, now: time.now });
  for (const table of ['accounts', 'contacts']) await crm.ask('POST', '/sandbox/mass-update', { table, count: 70 });
  time.pass(pastLags);
  const path = (table: TableName, id?: string): string => `/api/v2/${names[table]}s${id === undefined ? '' : `/${id}`}`;
  return {
    manifest,
    connection: {
      source: { id: 'zendesk', settings: { address: crm.url, clientId, clientSecret }, allowPrivateNetwork: true },
      clock: time.clock,
      sleep: time.sleep,
    },
    changer: {
      mayChangeAny: true,
      create: async (table) => {
        const made = { account: { organization: { name: 'Made for a test' } }, contact: { user: { name: 'Made Fortest' } } };
        const { body } = await crm.ask<Readonly<Record<string, { readonly id: number }>>>('POST', path(table), made[table]);
        return String(body[names[table]]?.id);
      },
      change: async (table, id) =>
        void (await crm.ask('PUT', path(table, id), { [names[table]]: { notes: `Changed ${time.clock.nowMs()}` } })),
      remove: async (table, id) => void (await crm.ask('DELETE', path(table, id))),
    },
    close: crm.close,
  };
};
