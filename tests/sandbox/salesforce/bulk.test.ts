import { parse } from 'csv-parse/sync';
import { handClock } from '../support/hand-clock.ts';
import { type OpenSalesforce, type Problem, openSalesforce } from './salesforce.ts';

const clock = handClock('2026-05-01T10:00:00.000Z');
let crm: OpenSalesforce;
beforeEach(async () => {
  crm = await openSalesforce({ now: clock.now, contacts: 500 });
});
afterEach(() => crm.close());

const create = (query: string, operation = 'query') =>
  crm.data('/jobs/query', { json: { operation, query, contentType: 'CSV', columnDelimiter: 'COMMA', lineEnding: 'LF' } });
const started = async (query: string, operation?: string): Promise<string> => String((await create(query, operation)).body.id);
const stateOf = async (id: string) => (await crm.data(`/jobs/query/${id}`)).body.state;
const done = async (query: string, operation?: string): Promise<string> => {
  const id = await started(query, operation);
  while ((await stateOf(id)) !== 'JobComplete');
  return id;
};
const problem = (answer: { readonly status: number; readonly body: unknown }) => [answer.status, (answer.body as Problem)[0]?.errorCode];

describe('a bulk query (api_asynch: queries, query_create_job)', () => {
  it('is queued, works, and is complete', async () => {
    const { body } = await create('SELECT Id FROM Contact');
    expect(body).toMatchObject({
      id: expect.stringMatching(/^750/),
      state: 'UploadComplete',
      operation: 'query',
      object: 'Contact',
      apiVersion: 66,
      contentType: 'CSV',
    });
    const id = String(body.id);
    expect([await stateOf(id), await stateOf(id), await stateOf(id), await stateOf(id)]).toEqual([
      'UploadComplete',
      'InProgress',
      'JobComplete',
      'JobComplete',
    ]);
    expect((await crm.data(`/jobs/query/${id}`)).body).toMatchObject({
      jobType: 'V2Query',
      numberRecordsProcessed: 542,
      retries: 0,
      isPkChunkingSupported: true,
    });
    expect((await crm.data('/jobs/query')).body).toMatchObject({ done: true, records: [expect.objectContaining({ id })] });
  });

  it('gives CSV in parts, and the word null after the last (query_get_job_results)', async () => {
    const id = await done('SELECT Id, LastName, Account.Name, SystemModstamp, IsDeleted, AccountId FROM Contact');
    const rows: Record<string, string>[] = [];
    let locator = '';
    const counts: (string | null)[] = [];
    do {
      const part = await crm.data(`/jobs/query/${id}/results?maxRecords=200${locator && `&locator=${locator}`}`);
      expect(part.headers.get('content-type')).toContain('text/csv');
      expect(part.text.split('\n')[0]).toBe('"Id","LastName","Account.Name","SystemModstamp","IsDeleted","AccountId"');
      counts.push(part.headers.get('sforce-numberofrecords'));
      rows.push(...parse<Record<string, string>>(part.text, { columns: true }));
      locator = part.headers.get('sforce-locator') ?? '';
    } while (locator !== 'null');
    expect(counts).toEqual(['200', '200', '142']);
    expect(new Set(rows.map(({ Id }) => Id)).size).toBe(542);
    expect(rows[0]).toMatchObject({ SystemModstamp: '2025-01-15T08:00:01.000Z', IsDeleted: 'false' });
    expect(rows.filter(({ AccountId }) => AccountId === '').length).toBeGreaterThan(0);
  });

  it('keeps line breaks, quotes and every script whole', async () => {
    const street = 'One "A"\nTwo, three';
    await crm.data('/sobjects/Contact', { json: { LastName: '𠮷田', MailingStreet: street } });
    const id = await done("SELECT LastName, MailingStreet FROM Contact WHERE LastName = '𠮷田' AND MailingStreet LIKE 'One%'");
    const { text } = await crm.data(`/jobs/query/${id}/results`);
    expect(parse(text, { columns: true })).toEqual([{ LastName: '𠮷田', MailingStreet: street }]);
  });

  it('of queryAll has what is in the bin', async () => {
    const [first] = await crm.rows('SELECT Id FROM Contact LIMIT 1');
    await crm.data(`/sobjects/Contact/${String(first?.Id)}`, { method: 'DELETE' });
    const textOf = async (id: string) => (await crm.data(`/jobs/query/${id}/results`)).text;
    expect(await textOf(await done('SELECT Id FROM Contact', 'queryAll'))).toContain(String(first?.Id));
    expect(await textOf(await done('SELECT Id FROM Contact'))).not.toContain(String(first?.Id));
  });

  it('tells up to five addresses of its parts at once (query_get_job_results_parallel)', async () => {
    await crm.set({ largestBulkPart: 100 });
    const id = await done('SELECT Id FROM Contact');
    const first = (
      await crm.data<{ resultPages: readonly { resultUrl: string }[]; nextRecordsUrl: string; done: boolean }>(
        `/jobs/query/${id}/resultPages`,
      )
    ).body;
    expect(first).toMatchObject({ done: false, nextRecordsUrl: expect.any(String) });
    expect(first.resultPages).toHaveLength(5);
    expect((await crm.send(first.nextRecordsUrl)).body).toMatchObject({ done: true, resultPages: [expect.anything()] });
    const third = await crm.send(String(first.resultPages[2]?.resultUrl));
    expect(third.headers.get('sforce-numberofrecords')).toBe('100');
  });

  it('has no such addresses before version 58', async () => {
    const old = '/services/data/v57.0/jobs/query';
    const { body } = await crm.send(old, { json: { operation: 'query', query: 'SELECT Id FROM Account' } });
    await crm.set({ bulkPollsUntilDone: 0 });
    await crm.send(`${old}/${String(body.id)}`);
    expect((await crm.send(`${old}/${String(body.id)}/results`)).status).toBe(200);
    expect((await crm.send(`${old}/${String(body.id)}/resultPages`)).status).toBe(404);
  });

  it('loses its chunking to ORDER BY and LIMIT', async () => {
    for (const query of ['SELECT Id FROM Contact ORDER BY Id', 'SELECT Id FROM Contact LIMIT 5']) {
      expect((await crm.data(`/jobs/query/${await started(query)}`)).body).toMatchObject({ isPkChunkingSupported: false });
    }
  });

  it.each([
    ['SELECT MailingAddress FROM Contact', 'INVALID_FIELD'],
    ['SELECT COUNT() FROM Contact', 'MALFORMED_QUERY'],
    ['SELECT Id FROM Contact LIMIT 5 OFFSET 5', 'MALFORMED_QUERY'],
    ['SELECT Nothing FROM Contact', 'INVALID_FIELD'],
  ])('refuses %s', async (query, code) => {
    expect(problem(await create(query))).toEqual([400, code]);
  });

  it('has no results before it is complete, and none in another version', async () => {
    const id = await started('SELECT Id FROM Contact');
    expect(problem(await crm.data(`/jobs/query/${id}/results`))).toEqual([400, 'API_ERROR']);
    const complete = await done('SELECT Id FROM Contact');
    expect((await crm.send(`/services/data/v60.0/jobs/query/${complete}/results`)).status).toBe(409);
    expect((await crm.data('/jobs/query/750000000000000AAA')).status).toBe(404);
    expect(problem(await crm.data(`/jobs/query/${complete}/results?locator=!!`))).toEqual([400, 'INVALID_LOCATOR']);
  });

  it('can be aborted, and deleted when it is over (query_abort_job, query_delete_job)', async () => {
    const id = await started('SELECT Id FROM Contact');
    expect(problem(await crm.data(`/jobs/query/${id}`, { method: 'DELETE' }))).toEqual([400, 'API_ERROR']);
    expect((await crm.data(`/jobs/query/${id}`, { method: 'PATCH', json: { state: 'Aborted' } })).body).toMatchObject({ state: 'Aborted' });
    expect(await stateOf(id)).toBe('Aborted');
    expect((await crm.data(`/jobs/query/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await crm.data(`/jobs/query/${id}`)).status).toBe(404);
    const complete = await done('SELECT Id FROM Contact');
    expect(problem(await crm.data(`/jobs/query/${complete}`, { method: 'PATCH', json: { state: 'Aborted' } }))).toEqual([400, 'API_ERROR']);
  });

  it('can fail, and says so', async () => {
    await crm.fault({ kind: 'failedJob', path: '/services/data/v66.0/jobs' });
    await crm.set({ bulkPollsUntilDone: 0 });
    const id = await started('SELECT Id FROM Contact');
    expect((await crm.data(`/jobs/query/${id}`)).body).toMatchObject({
      state: 'Failed',
      errorMessage: expect.any(String),
      numberRecordsProcessed: 0,
    });
  });
});
