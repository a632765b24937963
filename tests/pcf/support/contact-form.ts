import type { LocalServices } from './local-services';
import type { MockHost } from './mock-context';

const rowId = '0a6a4d62-0000-4000-8000-0000000000aa';

/** What the control asks for the linked contact of these tests. */
export const requests = {
  status: 'GET /api/records/contact/by-key/northwind~100001',
  check: 'POST /api/records/contact/by-key/northwind~100001/check',
  sync: 'POST /api/records/contact/by-key/northwind~100001/sync',
} as const;

/** And for the same row while it is not linked. */
export const rowRequests = {
  status: `GET /api/records/contact/${rowId}`,
  check: `POST /api/records/contact/${rowId}/check`,
  candidates: `POST /api/records/contact/${rowId}/candidates`,
  link: `POST /api/records/contact/${rowId}/link`,
} as const;

export const record = {
  table: 'contact',
  rowId,
  sourceKey: 'northwind~100001',
  state: 'inSync',
  source: { id: 'northwind', name: 'Northwind' },
  recordId: '100001',
  url: 'https://crm.example/people/100001',
  checkedOn: '2026-11-22T11:57:00.000Z',
};

export const problem = (status: number, code: string) => ({
  status,
  body: { type: 'about:blank', title: 'It failed', status, code, help: 'Do this.', reference: 'ref-1', isRetryable: true },
});

export const synced = {
  outcome: 'changed',
  isDryRun: false,
  changes: [{ column: 'telephone1', label: 'Business Phone', before: '1', after: '2' }],
  record: { ...record, syncedOn: '2026-11-22T12:00:00.000Z' },
};

export const onContactForm = (services: LocalServices): MockHost => ({
  sourceKey: 'northwind~100001',
  apiBaseUrl: services.url,
  authority: services.authority,
  contextInfo: { entityTypeName: 'contact', entityId: `{${rowId.toUpperCase()}}` },
});

export const onUnlinkedForm = (services: LocalServices): MockHost => ({ ...onContactForm(services), sourceKey: null });
