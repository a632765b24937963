/** @jest-environment node */
import { ApiProblem } from '@crm-sync/client';
import { createDataverseTransport } from '../../pcf-control/SourceCrmSync/services/dataverseTransport';
import { type Product, startProduct } from '../support/product.ts';
import type { SandboxUser } from '../support/sandbox.ts';
import { waitFor } from '../support/wait-for.ts';

const webhookKey = 'the-key-of-the-service-endpoint';
const signal = new AbortController().signal;

describe('the control’s way through Dataverse', () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct({
      store: 'embedded',
      configure: (config) => {
        config.syncRequests = { webhookKey: { env: 'WEBHOOK_KEY' }, pollEvery: '1h' };
        config.log = { level: 'info' };
      },
    });
    Object.assign(product.environment, { WEBHOOK_KEY: webhookKey });
    await product.startApi();
    await product.run({ mode: 'full' });
  }, 180_000);
  afterAll(() => product.stop());

  const knockAt = (url: string | null) =>
    product.sandbox.dataverse.setEnvironment({ requestWebhook: url === null ? null : { url, key: webhookKey } });
  beforeEach(() => knockAt(`${product.apiUrl}/dataverse/sync-requests`));

  /** What a model-driven form gives a control: Dataverse's Web API with the person's own sign-in. */
  const hostOf = async (user: SandboxUser) => {
    const token = await product.sandbox.signIn(user, { audience: product.sandbox.dataverseUrl });
    const made: string[] = [];
    const call = async (method: string, path: string, body?: object): Promise<unknown> => {
      const response = await fetch(`${product.sandbox.dataverseUrl}/api/data/v9.2/${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', prefer: 'return=representation' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer: unknown = response.status === 204 ? {} : await response.json();
      if (!response.ok)
        throw Object.assign(new Error('refused'), { errorCode: Number((answer as { error: { code: string } }).error.code) });
      return answer;
    };
    const webApi = {
      createRecord: async (_table: string, row: object) => {
        const { ccsync_syncrequestid: id } = (await call('POST', 'ccsync_syncrequests', row)) as { ccsync_syncrequestid: string };
        made.push(id);
        return { id, entityType: 'ccsync_syncrequest' };
      },
      retrieveRecord: (_table: string, id: string, options: string) => call('GET', `ccsync_syncrequests(${id})${options}`),
      deleteRecord: (_table: string, id: string) => call('DELETE', `ccsync_syncrequests(${id})`),
    };
    const transport = createDataverseTransport({ webApi: webApi as never, firstLookMs: 20, lastLookMs: 100, patienceMs: 20_000 });
    return { transport, made, call, webApi };
  };
  const linked = (recordId: string) => ({ table: 'contact', sourceKey: `northwind~${recordId}` }) as const;
  const requestRows = async () =>
    (await product.sandbox.dataverse.get<{ value: readonly Record<string, unknown>[] }>('ccsync_syncrequests')).value;

  it('gives what the API says, as the person who asked, and leaves no row behind', async () => {
    const { transport } = await hostOf('agent');
    expect(await transport.recordStatus(linked('100001'), signal)).toMatchObject({ state: 'inSync', recordId: '100001' });
    await product.sandbox.crm.patch('people', '100002', { title: 'Chief' });
    expect(await transport.checkRecord(linked('100002'), signal)).toMatchObject({ state: 'outOfDate' });
    expect(await transport.previewSync(linked('100002'), signal)).toMatchObject({ isDryRun: true, changes: [{ column: 'jobtitle' }] });
    expect(await transport.syncRecord(linked('100002'), signal)).toMatchObject({
      isDryRun: false,
      changes: [{ column: 'jobtitle', after: 'Chief' }],
    });
    await waitFor(requestRows, (rows) => rows.length === 0);
  });

  it('finds the record of a row and links it, with the person’s own right to change the row', async () => {
    const id = await product.sandbox.crm.create('people', { full_name: 'Paula Path', email: 'paula@fabrikam.example' });
    const row = await product.sandbox.dataverse.send('POST', 'contacts', { lastname: 'Path' }, { Prefer: 'return=representation' });
    const address = { table: 'contact', rowId: String(row.contactid) } as const;
    const { transport: reader } = await hostOf('reader');
    const [candidate] = await reader.findCandidates(address, 'paula', signal);
    expect(candidate).toMatchObject({ recordId: id, email: 'p…@fabrikam.example' });
    const to = { sourceId: 'northwind', recordId: id };
    await expect(reader.linkRecord(address, to, signal)).rejects.toMatchObject({ code: 'record.link_forbidden', status: 403 });
    const { transport } = await hostOf('agent');
    expect(await transport.linkRecord(address, to, signal)).toMatchObject({ record: { state: 'inSync', recordId: id } });
  });

  it('tells a refusal as the API tells it, with a reference that finds it in the log', async () => {
    const { transport } = await hostOf('agent');
    const thrown: unknown = await transport
      .syncRecord({ table: 'contact', rowId: '00000000-0000-4000-8000-00000000dead' }, signal)
      .catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(ApiProblem);
    expect(thrown).toMatchObject({ code: 'record.not_found', status: 404 });
    // The row is answered before the line is logged, and a pipe carries it here.
    const { reference } = thrown as ApiProblem;
    await waitFor(
      () => Promise.resolve(product.api().output),
      (output) => output.includes(reference),
    );
  });

  it('lets nobody ask who has no role for it in Dataverse', async () => {
    const { transport } = await hostOf('restricted');
    await expect(transport.recordStatus(linked('100001'), signal)).rejects.toMatchObject({ code: 'identity.forbidden', status: 403 });
  });

  it('takes the person from Dataverse, whatever the row says of others', async () => {
    // Rita may read rows and change none: naming somebody who may is no help.
    const { call } = await hostOf('reader');
    const row = await product.sandbox.dataverse.send('POST', 'contacts', { lastname: 'Mine' }, { Prefer: 'return=representation' });
    const asked = (await call('POST', 'ccsync_syncrequests', {
      ccsync_kind: 'link',
      ccsync_table: 'contact',
      ccsync_rowid: row.contactid,
      ccsync_payload: JSON.stringify({ sourceId: 'northwind', recordId: '100030', asUser: '33333333-3333-4333-8333-333333333333' }),
      ccsync_state: 'asked',
    })) as { ccsync_syncrequestid: string };
    const answered = await waitFor(
      () => product.sandbox.dataverse.get(`ccsync_syncrequests(${asked.ccsync_syncrequestid})`),
      ({ ccsync_state: state }) => state === 'failed',
    );
    expect(answered.ccsync_errorcode).toBe('request.invalid');
    await call('DELETE', `ccsync_syncrequests(${asked.ccsync_syncrequestid})`);
    expect(await product.sandbox.dataverse.get(`contacts(${String(row.contactid)})`)).toMatchObject({ ccsync_sourcekey: null });
  });

  it('shows the answer to the one who asked and to no other person', async () => {
    await knockAt(null);
    const { made, webApi } = await hostOf('agent');
    const { id } = await webApi.createRecord('', {
      ccsync_kind: 'status',
      ccsync_table: 'contact',
      ccsync_sourcekey: 'northwind~100001',
      ccsync_state: 'done',
    });
    expect(made).toEqual([id]);
    const other = await hostOf('reader');
    await expect(other.webApi.retrieveRecord('', id, '?$select=ccsync_answer')).rejects.toMatchObject({ errorCode: 0x80040220 });
    expect(await other.call('GET', 'ccsync_syncrequests')).toMatchObject({ value: [] });
    await webApi.deleteRecord('', id);
  });

  it('answers a row that Dataverse’s webhook did not bring, once the API looks by itself, and two processes once', async () => {
    await knockAt(null);
    const { webApi } = await hostOf('agent');
    const { id } = await webApi.createRecord('', {
      ccsync_kind: 'status',
      ccsync_table: 'contact',
      ccsync_sourcekey: 'northwind~100001',
      ccsync_state: 'asked',
    });
    // A look when the API starts is the first of its looks.
    await product.stopApi();
    await product.startApi();
    const row = await waitFor(
      () => product.sandbox.dataverse.get(`ccsync_syncrequests(${id})`),
      ({ ccsync_state: state }) => state === 'answered',
    );
    expect(JSON.parse(String(row.ccsync_answer))).toMatchObject({ state: 'inSync' });
    // Told again of what is answered already: nothing is done, so the row stays the version that it is.
    const knock = (key: string) =>
      fetch(`${product.apiUrl}/dataverse/sync-requests`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-ccsync-key': key },
        body: JSON.stringify({ PrimaryEntityName: 'ccsync_syncrequest', PrimaryEntityId: id, InputParameters: [] }),
      });
    expect((await knock(webhookKey)).status).toBe(202);
    expect((await knock('another key')).status).toBe(401);
    const { transport } = await hostOf('agent');
    await knockAt(`${product.apiUrl}/dataverse/sync-requests`);
    await transport.recordStatus(linked('100001'), signal);
    expect((await product.sandbox.dataverse.get(`ccsync_syncrequests(${id})`)).versionnumber).toBe(row.versionnumber);
    await webApi.deleteRecord('', id);
  }, 120_000);

  it('gives up when the person does, and takes the question back', async () => {
    await knockAt(null);
    const { transport, made } = await hostOf('agent');
    const leaving = new AbortController();
    const asking = transport.recordStatus(linked('100001'), leaving.signal);
    await waitFor(
      async () => made.length,
      (count) => count === 1,
    );
    leaving.abort();
    await expect(asking).rejects.toMatchObject({ name: 'AbortError' });
    await waitFor(requestRows, (rows) => rows.length === 0);
  });

  it('tells of silence when nobody answers in time', async () => {
    await knockAt(null);
    const { webApi } = await hostOf('agent');
    const transport = createDataverseTransport({ webApi: webApi as never, firstLookMs: 5, lastLookMs: 10, patienceMs: 50 });
    await expect(transport.recordStatus(linked('100001'), signal)).rejects.toMatchObject({ code: 'client.no_answer', isRetryable: true });
    await waitFor(requestRows, (rows) => rows.length === 0);
  });
});
