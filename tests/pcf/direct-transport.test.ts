/** @jest-environment node */
import { ApiProblem } from '@crm-sync/client';
import { createDirectTransport } from '../../pcf-control/SourceCrmSync/services/directTransport';
import { type LocalServices, startLocalServices } from './support/local-services';

const signal = new AbortController().signal;
const row = { table: 'contact', rowId: '0d5e9f2c-1111-4222-8333-abcdefabcdef' } as const;
const path = `/api/records/contact/${row.rowId}`;

describe('the direct way', () => {
  let services: LocalServices;
  let forgotten: number;
  const open = () =>
    createDirectTransport({
      apiBaseUrl: services.url,
      tokens: { getToken: async () => 'a-token', forgetToken: () => void (forgotten += 1) },
    });
  beforeEach(async () => {
    services = await startLocalServices();
    forgotten = 0;
  });
  afterEach(() => services.close());

  const candidate = { sourceId: 'northwind', sourceName: 'Northwind', recordId: '7', name: 'Ada' };
  const down = { sourceId: 'fabrikam', sourceName: 'Fabrikam', code: 'crm.unauthorised', title: 'It refused us', help: 'Check the key' };

  it('names the sources that could not be searched beside what the others found', async () => {
    services.answer(`POST ${path}/candidates`, { body: { candidates: [candidate], unsearched: [down] } });
    const found = await open().findCandidates(row, undefined, signal);
    expect([...found]).toEqual([candidate]);
    expect(found.unsearched).toEqual([down]);
  });

  it('does not say that nobody was found where nobody could be asked', async () => {
    services.answer(`POST ${path}/candidates`, { body: { candidates: [], unsearched: [down] } });
    await expect(open().findCandidates(row, 'ada', signal)).rejects.toMatchObject({ code: 'crm.unauthorised', title: 'It refused us' });
  });

  it('asks for no record of a row that has a key, which is linked already', async () => {
    const linked = { table: 'contact', sourceKey: 'northwind~1' } as const;
    await expect(open().findCandidates(linked, undefined, signal)).rejects.toMatchObject({ code: 'record.already_linked' });
    await expect(open().linkRecord(linked, candidate, signal)).rejects.toMatchObject({ code: 'record.already_linked' });
    expect(services.requests).toEqual([]);
  });

  it('does not hand out a token again that the API has refused', async () => {
    const problem = { code: 'identity.unauthorised', title: 't', help: 'h', reference: 'r', status: 401, isRetryable: false, type: '' };
    services.answer(`POST ${path}/check`, { status: 401, body: problem });
    await expect(open().checkRecord(row, signal)).rejects.toBeInstanceOf(ApiProblem);
    expect(forgotten).toBe(1);
    expect(services.requests).toEqual([`POST ${path}/check Bearer a-token`]);
  });
});
