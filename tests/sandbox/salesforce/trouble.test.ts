import { createHmac } from 'node:crypto';
import { orgId } from '../../../api/sandbox/src/salesforce/data/identity.ts';
import { handClock } from '../support/hand-clock.ts';
import { openReceiver } from '../support/webhook-receiver.ts';
import { ask } from '../support/ask.ts';
import { type OpenSalesforce, type Problem, type QueryPage, openSalesforce } from './salesforce.ts';

const clock = handClock('2026-05-01T10:00:00.000Z');
let crm: OpenSalesforce;
beforeEach(async () => {
  crm = await openSalesforce({ now: clock.now, contacts: 300, webhookRetryDelaysMs: [1, 1] });
});
afterEach(() => crm.close());

describe('trouble that was asked for', () => {
  it.each([
    ['unauthorised', 401, 'INVALID_SESSION_ID'],
    ['throttle', 429, 'TOO_MANY_REQUESTS'],
    ['unavailable', 503, 'SERVER_UNAVAILABLE'],
    ['limitExceeded', 403, 'REQUEST_LIMIT_EXCEEDED'],
    ['queryTimeout', 400, 'QUERY_TIMEOUT'],
  ])('strikes so many requests as %s: %i %s', async (kind, status, code) => {
    await crm.fault({ kind, count: 2, retryAfterSeconds: 7, path: '/services/data/v66.0/query' });
    expect((await crm.data('/limits')).status).toBe(200);
    for (let time = 0; time < 2; time += 1) {
      const struck = await crm.query<Problem>('SELECT Id FROM Account');
      expect([struck.status, struck.body[0]?.errorCode, struck.headers.get('retry-after')]).toEqual([status, code, '7']);
    }
    expect((await crm.query('SELECT Id FROM Account')).status).toBe(200);
  });

  it('cuts an answer in the middle', async () => {
    await crm.fault({ kind: 'cutBody' });
    await expect(crm.query('SELECT Id FROM Account')).rejects.toThrow();
  });

  it('gives an empty page that is not the last, and goes on after it', async () => {
    await crm.fault({ kind: 'emptyPage' });
    const empty = (await crm.query('SELECT Id FROM Contact')).body;
    expect(empty).toMatchObject({ done: false, records: [], totalSize: 342 });
    expect((await crm.send<QueryPage>(String(empty.nextRecordsUrl))).body.records).toHaveLength(342);
  });

  it('gives the same cursor again', async () => {
    const headers = { 'sforce-query-options': 'batchSize=200' };
    await crm.fault({ kind: 'repeatedCursor', count: 2 });
    const first = (await crm.query('SELECT Id FROM Contact', { headers })).body;
    const again = (await crm.send<QueryPage>(String(first.nextRecordsUrl), { headers })).body;
    expect(again.nextRecordsUrl).toBe(first.nextRecordsUrl);
    expect(again.records).toEqual(first.records);
  });

  it('answers late', async () => {
    await crm.fault({ kind: 'slow', delayMs: 30 });
    const startedAt = performance.now();
    expect((await crm.data('/limits')).status).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(29);
  });

  it('has a clock that is wrong, in its header and its stamps', async () => {
    await crm.control('PUT', 'clock', { skewMs: 600_000 });
    const { body, headers } = await crm.data('/sobjects/Account', { json: { Name: 'From the future' } });
    expect(headers.get('date')).toBe('Fri, 01 May 2026 10:10:00 GMT');
    expect((await crm.data(`/sobjects/Account/${String(body.id)}?fields=CreatedDate`)).body).toMatchObject({
      CreatedDate: '2026-05-01T10:10:00.000+0000',
    });
  });

  it('is counted by route, with the messages that were sent', async () => {
    await crm.query('SELECT Id FROM Account');
    expect((await crm.control('GET', 'statistics')).body).toEqual({
      requestsByRoute: { 'POST /services/oauth2/token': 1, 'GET /services/data/:version/query': 1 },
      webhooks: { waiting: 0, delivered: 0, failed: 0 },
    });
  });
});

describe('what an Apex trigger sends (apexcode: apex_triggers_bulk_idioms)', () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

  it('names the records of a change, 200 in a message, signed by Standard Webhooks', async () => {
    const receiver = await openReceiver();
    expect((await crm.control('POST', 'webhooks', { url: receiver.url, secret })).status).toBe(201);
    await crm.control('POST', 'mass-update', { object: 'Contact', count: 342 });
    const messages = await receiver.untilReceived(2);
    await receiver.close();
    const bodies = messages.map(({ body }) => JSON.parse(body) as { ids: readonly string[]; sobject: string; op: string; orgId: string });
    expect(bodies.map(({ ids }) => ids.length).toSorted()).toEqual([142, 200]);
    expect(new Set(bodies.flatMap(({ ids }) => ids)).size).toBe(342);
    expect(bodies[0]).toMatchObject({ orgId, sobject: 'Contact', op: 'update' });
    for (const { headers, body } of messages) {
      const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
      expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', Buffer.alloc(32, 7)).update(signed).digest('base64')}`);
    }
  });

  it('tells of insert, delete with what hung on it, and undelete; without a secret unsigned', async () => {
    const receiver = await openReceiver();
    await crm.control('POST', 'webhooks', { url: receiver.url });
    const account = String((await crm.data('/sobjects/Account', { json: { Name: 'Short-lived' } })).body.id);
    const contact = String((await crm.data('/sobjects/Contact', { json: { LastName: 'Short', AccountId: account } })).body.id);
    await crm.data(`/sobjects/Account/${account}`, { method: 'DELETE' });
    await ask(`${crm.url}/Account/${account}/restore`, { method: 'POST', form: {} });
    const messages = await receiver.untilReceived(6);
    await receiver.close();
    const seen = messages.map(({ body }) => {
      const { op, ids } = JSON.parse(body) as { op: string; ids: readonly string[] };
      return `${op} ${ids.join()}`;
    });
    expect(seen.toSorted()).toEqual(
      [
        `insert ${account}`,
        `insert ${contact}`,
        `delete ${account}`,
        `delete ${contact}`,
        `undelete ${account}`,
        `undelete ${contact}`,
      ].toSorted(),
    );
    expect(messages[0]?.headers).not.toHaveProperty('webhook-signature');
  });

  it('tells of a merge who went and who stayed', async () => {
    const receiver = await openReceiver();
    await crm.control('POST', 'webhooks', { url: receiver.url });
    const make = async (Name: string) => String((await crm.data('/sobjects/Account', { json: { Name } })).body.id);
    const [stays, goes] = [await make('Stays'), await make('Goes')];
    await crm.control('POST', 'merge', { masterId: stays, loserIds: [goes] });
    const messages = await receiver.untilReceived(4);
    await receiver.close();
    const bodies = messages.map(({ body }) => JSON.parse(body) as { op: string });
    expect(bodies.filter(({ op }) => op === 'merge')).toEqual([
      { orgId, sobject: 'Account', op: 'merge', ids: [goes], masterIds: [stays], occurredAt: expect.any(Number) },
    ]);
    expect(bodies.map(({ op }) => op)).not.toContain('delete');
  });

  it('refuses a secret that is none', async () => {
    expect((await crm.control('POST', 'webhooks', { url: 'http://127.0.0.1:9/', secret: 'short' })).status).toBe(400);
  });
});

describe('Salesforce’s pages for people', () => {
  it('show accounts and contacts, and save what was changed', async () => {
    expect((await ask(`${crm.url}/?q=alfreds`)).text).toContain('Alfreds Futterkiste');
    const [account] = await crm.rows("SELECT Id FROM Account WHERE AccountNumber = 'ALFKI'");
    const id = String(account?.Id);
    const page = await ask(`${crm.url}/Account/${id}`);
    expect(page.text).toContain('value="030-0074321"');
    expect(page.text).toContain('Maria Anders');
    await ask(`${crm.url}/Account/${id}`, { form: { Name: 'Alfreds Futterkiste', Phone: '1' } });
    expect(await crm.rows(`SELECT Phone, BillingCity FROM Account WHERE Id = '${id}'`)).toEqual([
      expect.objectContaining({ Phone: '1', BillingCity: 'Berlin' }),
    ]);
    expect((await ask(`${crm.url}/Account/${id}`, { form: { Name: ' ' } })).headers.get('location')).toContain('outcome=incomplete');
  });

  it('are reached by the links that Salesforce keeps: /{id} and the Lightning one', async () => {
    const [account] = await crm.rows('SELECT Id FROM Account LIMIT 1');
    const id = String(account?.Id);
    for (const path of [id, id.slice(0, 15), `lightning/r/Account/${id}/view`]) {
      expect((await ask(`${crm.url}/${path}`)).headers.get('location')).toBe(`/Account/${id}`);
    }
    expect((await ask(`${crm.url}/001000000000000AAA`)).status).toBe(404);
  });
});
