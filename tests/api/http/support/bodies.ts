/** What the services in memory answer. */
import type { DeliveryBody, WebhookHealthBody } from '../../../../api/src/contract/deliveries.ts';
import type { FailuresBody } from '../../../../api/src/contract/failures.ts';
import type { RecordStatusBody } from '../../../../api/src/contract/records.ts';
import type { SetupBody } from '../../../../api/src/contract/setup.ts';

export const linkedRow: RecordStatusBody = {
  table: 'contact',
  sourceKey: 'northwind~100001',
  state: 'inSync',
  source: { id: 'northwind', name: 'Northwind Traders CRM' },
  recordId: '100001',
  url: 'https://crm.example.com/people/100001',
};

export const notSetUp: SetupBody = {
  isReady: false,
  isSolutionInstalled: false,
  changes: [],
  findings: [
    { component: 'key', table: 'account', name: 'ccsync_sourcekey', problem: 'missing', remedy: 'create', expected: 'an active key' },
  ],
};

export const aDelivery: DeliveryBody = {
  id: 41,
  deliveryKey: 'msg_1',
  state: 'failed',
  trust: 'full',
  secret: 'hookSecret',
  receivedOn: '2026-11-01T10:00:00.000Z',
  doneOn: '2026-11-01T10:00:01.000Z',
  tookMilliseconds: 1000,
  repeats: 1,
  records: 2,
  outcome: { written: 1, failed: 1 },
};

export const aWebhookHealth: WebhookHealthBody = {
  hooks: [
    {
      address: 'https://sync.example.com/webhooks/northwind',
      lastOn: '2026-11-01T10:00:00.000Z',
      lastDay: 12,
      waiting: 0,
      isSilent: true,
      usualPauseMinutes: 50,
      secrets: [{ name: 'hookSecret', lastUsedOn: '2026-11-01T10:00:00.000Z' }],
      refused: [{ reason: 'signature', count: 4, lastOn: '2026-11-01T09:00:00.000Z' }],
    },
  ],
  erasuresWaiting: 0,
};
export const hookPlace = (sourceId: string) => ({ sourceId, address: `https://sync.example.com/webhooks/${sourceId}` });

export const failuresOf = (sourceId: string): FailuresBody => {
  const failed = { table: 'contact' as const, code: '0x80044331', failureClass: 'data', isIgnored: false, help: 'Shorten it.' };
  const seen = { firstSeenOn: '2026-11-01T10:00:00.000Z', lastSeenOn: '2026-11-01T11:00:00.000Z', tries: 2, isRetryAsked: false };
  return {
    sourceId,
    groups: [{ ...failed, count: 14 }],
    records: [{ ...failed, ...seen, recordId: '7', reason: 'A value is too long' }],
  };
};
