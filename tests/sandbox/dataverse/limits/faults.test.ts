/** Faults on demand: each kind as a client of the Web API sees it, and what is left in Dataverse afterwards. */
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { once } from 'node:events';
import { type Answer, startTestDataverse, type TestDataverse } from '../dataverse-client.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { sendBatch } from '../batch-text.ts';
import { createTestClock, type TestClock } from './test-clock.ts';

let clock: TestClock;
let dataverse: TestDataverse;
beforeAll(async () => {
  clock = createTestClock();
  dataverse = await startTestDataverse({ clock });
});
afterAll(() => dataverse.close());
beforeEach(() => dataverse.reset());

const fault = async (body: unknown): Promise<void> => {
  const { status, text } = await dataverse.control('POST', 'faults', body);
  if (status !== 200) throw new Error(text);
};
const statistics = async () => (await dataverse.control('GET', 'statistics')).json;
const createMultiple = (rows: number) =>
  dataverse.post('accounts/Microsoft.Dynamics.CRM.CreateMultiple', {
    Targets: Array.from({ length: rows }, () => ({ '@odata.type': 'Microsoft.Dynamics.CRM.account', name: 'A' })),
  });
const accountCount = async () => (await dataverse.get('accounts?$select=name')).rows.length;
/** How fetch tells that the other side broke off. */
const reset = { cause: { code: 'ECONNRESET' } };

describe('faults that are answered', () => {
  it.each([
    ['requests', '0x80072322'],
    ['executionTime', '0x80072321'],
    ['concurrentRequests', '0x80072326'],
  ])('throttle can name the limit on %s', async (facet, code) => {
    await fault({ kind: 'throttle', count: 1, facet, retryAfterSeconds: 17 });
    const answer = await dataverse.get('WhoAmI');
    expect([answer.status, answer.error.code, answer.headers.get('retry-after')]).toEqual([429, code, '17']);
    expect(await statistics()).toMatchObject({ throttled: 1, faultsByKind: { throttle: 1 } });
  });

  it('Retry-After can be a date, to be compared with the answer’s own', async () => {
    await fault({ kind: 'unavailable', count: 1, retryAfterSeconds: 90, retryAfterAs: 'date' });
    const { status, headers } = await dataverse.get('WhoAmI');
    const dateOf = (name: string) => Date.parse(headers.get(name) ?? '');
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toMatch(/ GMT$/);
    expect(dateOf('retry-after') - dateOf('date')).toBe(90_000);
    expect(dateOf('retry-after')).toBeGreaterThanOrEqual(clock.nowMs() + 90_000);
  });

  it.each([
    ['badGateway', 502],
    ['gatewayTimeout', 504],
  ])('%s is what a gateway says, not Dataverse', async (kind, status) => {
    await fault({ kind, count: 1 });
    const answer = await dataverse.get('WhoAmI');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'text/html']);
    expect(answer.text).toContain(String(status));
  });

  it('unauthorised meets a token that is good', async () => {
    await fault({ kind: 'unauthorised', count: 1 });
    const answer = await dataverse.get('WhoAmI');
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, `Bearer resource_id=${dataverse.url}/`]);
    expect((await dataverse.get('WhoAmI')).status).toBe(200);
  });

  it('a time-out of SQL can strike only what is too large, so that a smaller piece goes through', async () => {
    await fault({ kind: 'sqlTimeout', probability: 1, aboveRows: 10 });
    expect((await createMultiple(11)).error.code).toBe('0x80044151');
    expect((await createMultiple(10)).status).toBe(200);
    expect((await dataverse.post('accounts', { name: 'A' })).status).toBe(204);
    const part = { method: 'POST', url: 'accounts', body: { name: 'A' } };
    expect(
      (
        await sendBatch(
          dataverse,
          Array.from({ length: 11 }, () => part),
        )
      ).answer.status,
    ).toBe(500);
    expect(await accountCount()).toBe(11);
  });

  it('slow makes a request take longer, and leaves it as it is', async () => {
    await fault({ kind: 'slow', count: 1, slowMs: 20_000 });
    let isAnswered = false;
    const answer = dataverse.get('WhoAmI').then((value) => {
      isAnswered = true;
      return value;
    });
    await clock.untilWaiting(1);
    clock.advance(19_999);
    expect((await dataverse.get('WhoAmI')).status).toBe(200);
    expect(isAnswered).toBe(false);
    clock.advance(1);
    expect((await answer).status).toBe(200);
  });
});

describe('faults that break the connection', () => {
  it('reset ends it before anything was done', async () => {
    await fault({ kind: 'reset', count: 1 });
    await expect(dataverse.post('accounts', { name: 'A' })).rejects.toMatchObject(reset);
    expect(await accountCount()).toBe(0);
  });

  it('answerLost ends it after the rows were written, without a byte of an answer', async () => {
    await fault({ kind: 'answerLost', count: 1, writesOnly: true });
    expect(await accountCount()).toBe(0);
    await expect(createMultiple(3)).rejects.toMatchObject(reset);
    expect(await accountCount()).toBe(3);
    expect(await statistics()).toMatchObject({ rowsCreated: 3, faultsByKind: { answerLost: 1 } });
  });

  it('cutBody ends it in the middle of the answer', async () => {
    await dataverse.create('accounts', { name: 'A' });
    await fault({ kind: 'cutBody', count: 1 });
    const response = await fetch(`${dataverse.root}accounts`, { headers: { authorization: 'Bearer application' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('odata-version')).toBe('4.0');
    await expect(response.text()).rejects.toThrow();
  });

  it('cutBody of an answer without a body ends it in the middle of the head', async () => {
    const id = randomUUID();
    await fault({ kind: 'cutBody', count: 1 });
    const socket = connect(Number(new URL(dataverse.url).port), '127.0.0.1');
    const body = '{"name":"A"}';
    socket.write(
      `PATCH /api/data/v9.2/accounts(${id}) HTTP/1.1\r\nhost: x\r\nauthorization: Bearer application\r\n` +
        `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await once(socket, 'close');
    expect(text).toMatch(/^HTTP\/1\.1 204 No Content\r\n/);
    expect(text).not.toContain('\r\n\r\n');
    expect((await dataverse.get(`accounts(${id})`)).status).toBe(200);
  });

  it('hang answers nothing until the client gives up, and does nothing', async () => {
    await fault({ kind: 'hang', count: 1, method: 'POST' });
    await dataverse.control('POST', 'limits', { isEnforced: true, concurrentRequests: 1, webServers: 1 });
    const givingUp = new AbortController();
    const hanging = fetch(`${dataverse.root}accounts`, {
      method: 'POST',
      headers: { authorization: 'Bearer application', 'content-type': 'application/json' },
      body: '{"name":"A"}',
      signal: givingUp.signal,
    });
    // It holds its place while it hangs, and gives it back when the client is gone.
    const statusOfAnother = async () => (await dataverse.get('WhoAmI')).status;
    await waitFor(statusOfAnother, (status) => status === 429);
    givingUp.abort();
    await expect(hanging).rejects.toThrow('aborted');
    await waitFor(statusOfAnother, (status) => status === 200);
    expect(await accountCount()).toBe(0);
  });
});

describe('which requests a fault strikes', () => {
  const strikes = async (count: number, ask: () => Promise<Answer>) => {
    const statuses: number[] = [];
    for (let index = 0; index < count; index += 1) statuses.push((await ask()).status);
    return statuses;
  };
  const create = () => dataverse.post('accounts', { name: 'A' });
  const read = () => dataverse.get('accounts?$top=1');

  it('of one method, of one path, of writes only', async () => {
    await fault({ kind: 'unavailable', count: 1, method: 'DELETE' });
    await fault({ kind: 'unavailable', count: 1, path: 'contacts' });
    await fault({ kind: 'badGateway', count: 1, writesOnly: true });
    expect(await strikes(2, read)).toEqual([200, 200]);
    expect((await dataverse.get('contacts')).status).toBe(503);
    expect(await strikes(2, create)).toEqual([502, 204]);
    expect((await dataverse.delete(`accounts(${randomUUID()})`)).status).toBe(503);
    expect((await dataverse.control('GET', 'faults')).json).toEqual({ pending: [] });
  });

  it('with a probability, the same ones for the same seed, until it is called off', async () => {
    const struck = async (seed: number) => {
      await dataverse.control('DELETE', 'faults');
      await fault({ kind: 'unavailable', probability: 0.3, seed });
      return strikes(100, create);
    };
    const once = await struck(7);
    expect(once.filter((status) => status === 503).length).toBeGreaterThan(15);
    expect(once.filter((status) => status === 503).length).toBeLessThan(45);
    expect(await struck(7)).toEqual(once);
    expect(await struck(8)).not.toEqual(once);
    await dataverse.control('DELETE', 'faults');
    expect(await strikes(20, create)).toEqual(Array.from({ length: 20 }, () => 204));
  });

  it('with a probability and a count, so many and no more', async () => {
    await fault({ kind: 'unavailable', probability: 0.5, count: 3 });
    const statuses = await strikes(40, create);
    expect(statuses.filter((status) => status === 503)).toHaveLength(3);
    expect(statuses.at(-1)).toBe(204);
  });

  it.each([
    [{ kind: 'throttle' }],
    [{ kind: 'throttle', count: 1.5 }],
    [{ kind: 'throttle', probability: 2 }],
    [{ kind: 'throttle', count: 1, facet: 'memory' }],
    [{ kind: 'throttle', count: 1, retryAfter: 3 }],
    [{ kind: 'slow', count: 1, slowMs: '3' }],
  ])('an order that makes no sense is refused: %j', async (order) => {
    expect((await dataverse.control('POST', 'faults', order)).status).toBe(400);
    expect((await dataverse.control('GET', 'faults')).json).toEqual({ pending: [] });
  });
});
