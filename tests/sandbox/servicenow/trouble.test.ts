import { createHmac } from 'node:crypto';
import { ask } from '../support/ask.ts';
import { handClock } from '../support/hand-clock.ts';
import { openReceiver } from '../support/webhook-receiver.ts';
import { type OpenServiceNow, openServiceNow } from './servicenow.ts';

const clock = handClock('2026-05-01T10:00:00.000Z');
let crm: OpenServiceNow;
beforeEach(async () => {
  crm = await openServiceNow({ now: clock.now, contacts: 60, webhookRetryDelaysMs: [1, 1] });
});
afterEach(() => crm.close());

const firstAccount = async (): Promise<string> => String((await crm.rows('customer_account', '', { limit: 1 }))[0]?.sys_id);

describe('trouble that was asked for', () => {
  it.each([
    ['unauthorised', 401, 'User Not Authenticated'],
    ['throttle', 429, 'Rate limit exceeded'],
    ['unavailable', 503, 'Service Unavailable'],
  ])('strikes as %s: %i %s', async (kind, status, message) => {
    await crm.fault({ kind, retryAfterSeconds: 3 });
    const struck = await crm.table('customer_account');
    expect([struck.status, struck.headers.get('retry-after')]).toEqual([status, '3']);
    expect(struck.body).toMatchObject({ error: { message }, status: 'failure' });
    expect((await crm.table('customer_account')).status).toBe(200);
  });

  it('cuts an answer in the middle', async () => {
    await crm.fault({ kind: 'cutBody' });
    await expect(crm.table('customer_account')).rejects.toThrow();
  });

  it('gives a page without rows though more match, and a link that leads nowhere new', async () => {
    await crm.fault({ kind: 'emptyPage' });
    const empty = await crm.table('customer_contact', { limit: 10 });
    expect([empty.body.result.length, empty.headers.get('x-total-count')]).toEqual([0, '102']);
    await crm.fault({ kind: 'repeatedCursor' });
    const { headers } = await crm.table('customer_contact', { limit: 10, offset: 20 });
    expect(headers.get('link')).toMatch(/sysparm_offset=20[^>]*>;rel="next"/);
  });

  it('cancels a transaction with 200, some of the rows, and the error behind them', async () => {
    await crm.fault({ kind: 'cancelled' });
    const { status, body } = await crm.table('customer_contact', { limit: 10 });
    expect(status).toBe(200);
    expect(body.result).toHaveLength(5);
    expect(body).toMatchObject({ status: 'failure', error: { message: 'Transaction cancelled: maximum execution time exceeded' } });
  });

  it('hibernates: a page and 200, whatever is asked', async () => {
    await crm.set({ isHibernating: true });
    for (const path of ['/api/now/table/customer_account', '/oauth_token.do']) {
      const { status, headers, text } = await crm.send(path, path.endsWith('.do') ? { form: {} } : {});
      expect(status).toBe(200);
      expect(headers.get('content-type')).toContain('text/html');
      expect(text).toContain('Your instance is hibernating');
    }
  });

  it('has a clock that is wrong, in its header and its stamps', async () => {
    await crm.control('PUT', 'clock', { skewMs: -600_000 });
    const { body, headers } = await crm.table('customer_account', {}, { json: { name: 'From the past' } });
    expect(headers.get('date')).toBe('Fri, 01 May 2026 09:50:00 GMT');
    expect(body.result).toMatchObject({ sys_created_on: '2026-05-01 09:50:00' });
  });

  it('limits requests by the hour, and says when it ends (inbound-REST-API-rate-limiting)', async () => {
    await crm.set({ requestsPerHour: 2 });
    clock.passMs(600_000);
    const first = await crm.table('customer_account', { limit: 1 });
    expect(first.headers.get('x-ratelimit-limit')).toBe('2');
    expect(first.headers.get('x-ratelimit-reset')).toBe(String(Date.parse('2026-05-01T11:00:00Z') / 1000));
    expect(first.headers.get('x-ratelimit-rule')).toMatch(/^[0-9a-f]{32}$/);
    await crm.table('customer_account', { limit: 1 });
    const limited = await crm.table('customer_account', { limit: 1 });
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '3000']);
    expect(limited.body).toEqual({
      error: { message: 'Rate limit exceeded', detail: 'Rate limit of 2 requests per hour for Table API exceeded' },
      status: 'failure',
    });
    clock.passMs(3_000_000);
    expect((await crm.table('customer_account', { limit: 1 })).status).toBe(200);
  });

  it('is counted by route', async () => {
    await crm.table('customer_account');
    await crm.send('/api/now/v2/table/customer_account');
    expect((await crm.control('GET', 'statistics')).body).toMatchObject({
      requestsByRoute: { 'GET /api/now/table/:table': 1, 'GET /api/now/v2/table/:table': 1 },
    });
  });
});

describe('what a business rule posts', () => {
  it('names the row and what happened to it, signed by Standard Webhooks', async () => {
    const receiver = await openReceiver();
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    await crm.control('POST', 'webhooks', { url: receiver.url, secret });
    const id = await firstAccount();
    await crm.table(`customer_account/${id}`, {}, { method: 'PATCH', json: { city: 'Oslo' } });
    const [message] = await receiver.untilReceived(1);
    await receiver.close();
    expect(JSON.parse(message?.body ?? '')).toEqual({
      operation: 'update',
      table: 'customer_account',
      sys_id: id,
      occurredAt: expect.any(Number),
    });
    const { headers, body } = message ?? { headers: {}, body: '' };
    const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', Buffer.alloc(32, 7)).update(signed).digest('base64')}`);
  });

  it('tells of insert and delete, one message a row; a silent change, one without effect and a mere company it does not', async () => {
    const receiver = await openReceiver();
    await crm.control('POST', 'webhooks', { url: receiver.url });
    const { sys_id: id } = (await crm.table<{ result: { sys_id: string } }>('customer_contact', {}, { json: { last_name: 'Lee' } })).body
      .result;
    await crm.table(`customer_contact/${id}`, {}, { method: 'PATCH', json: { last_name: 'Lee' } });
    await crm.control('POST', 'mass-update', { table: 'customer_contact', count: 3, values: { title: 'Silent' }, isSilent: true });
    await crm.table('core_company', {}, { json: { name: 'A vendor' } });
    await crm.table(`customer_contact/${id}`, {}, { method: 'DELETE' });
    await crm.control('POST', 'mass-update', { table: 'customer_account', count: 2, values: { city: 'Oslo' } });
    const messages = await receiver.untilReceived(4);
    await receiver.close();
    const seen = messages
      .map(({ body }) => JSON.parse(body) as { operation: string; table: string })
      .map(({ operation, table }) => `${operation} ${table}`);
    expect(seen.toSorted()).toEqual([
      'delete customer_contact',
      'insert customer_contact',
      'update customer_account',
      'update customer_account',
    ]);
  });
});

describe('ServiceNow’s pages for people', () => {
  it('show accounts and contacts, save, and delete for good', async () => {
    expect((await ask(`${crm.url}/?q=alfreds`)).text).toContain('Alfreds Futterkiste');
    const id = String((await crm.rows('customer_account', 'name=Alfreds Futterkiste'))[0]?.sys_id);
    expect((await ask(`${crm.url}/customer_account/${id}`)).text).toContain('Maria Anders');
    await ask(`${crm.url}/customer_account/${id}`, { form: { name: 'Alfreds Futterkiste', city: 'Oslo' } });
    expect((await crm.rows('customer_account', `sys_id=${id}`))[0]).toMatchObject({
      city: 'Oslo',
      phone: '030-0074321',
      sys_mod_count: '1',
    });
    const deleted = await ask(`${crm.url}/customer_account/${id}/delete`, { form: {} });
    expect(deleted.headers.get('location')).toBe('/');
    expect((await ask(`${crm.url}/customer_account/${id}`)).status).toBe(404);
    const [contact] = await crm.rows('customer_contact', 'user_name=contact.100001');
    expect((await ask(`${crm.url}/customer_contact/${String(contact?.sys_id)}`)).text).toContain('is gone');
  });

  it('are reached by the links of other systems', async () => {
    const id = await firstAccount();
    const uri = encodeURIComponent(`customer_account.do?sys_id=${id}`);
    for (const path of [`nav_to.do?uri=${uri}`, `customer_account.do?sys_id=${id}`]) {
      expect((await ask(`${crm.url}/${path}`)).headers.get('location')).toBe(`/customer_account/${id}`);
    }
    expect((await ask(`${crm.url}/nav_to.do?uri=nothing.do`)).status).toBe(404);
  });
});
