import { hubSpotSandbox } from '../../../../../api/sandbox/src/hubspot/identity.ts';
import type { TableName } from '../../../../../api/src/crm/types.ts';
import { type HubSpotRecord, openHubSpot } from '../../../../sandbox/hubspot/hubspot.ts';
import { createSharedTime, pastLags, readConnector, type Subject } from './subject.ts';

const types: Readonly<Record<TableName, string>> = { account: 'companies', contact: 'contacts' };

export const openSubject = async (): Promise<Subject> => {
  const manifest = await readConnector('hubspot');
  const time = createSharedTime();
  const crm = await openHubSpot({ accounts: 60, contacts: 160, now: time.now });
  for (const table of ['accounts', 'contacts']) await crm.ask('POST', '/sandbox/mass-update', { table, count: 70 });
  time.pass(pastLags);
  const path = (table: TableName, id = ''): string => `/crm/objects/2026-03/${types[table]}/${id}`;
  return {
    manifest,
    connection: {
      source: {
        id: 'hubspot',
        settings: { address: crm.url, portalId: String(hubSpotSandbox.portalId), accessToken: hubSpotSandbox.privateAppToken },
        allowPrivateNetwork: true,
      },
      clock: time.clock,
      sleep: time.sleep,
    },
    changer: {
      mayChangeAny: true,
      create: async (table) => {
        const properties = table === 'account' ? { name: 'Made for a test' } : { lastname: 'Made for a test' };
        return (await crm.ask<HubSpotRecord>('POST', path(table).slice(0, -1), { properties })).body.id;
      },
      change: async (table, id) => void (await crm.ask('PATCH', path(table, id), { properties: { phone: `+43 ${time.clock.nowMs()}` } })),
      remove: async (table, id) => void (await crm.ask('DELETE', path(table, id))),
    },
    close: crm.close,
  };
};
