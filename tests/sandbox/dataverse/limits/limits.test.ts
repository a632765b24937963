/** The service protection limits over HTTP, on a clock that the test moves. */
import { type Answer, startTestDataverse, type TestDataverse } from '../dataverse-client.ts';
import { sendBatch } from '../batch-text.ts';
import { createTestClock, type TestClock } from './test-clock.ts';

let clock: TestClock;
let dataverse: TestDataverse;

async function start(limits: Parameters<typeof startTestDataverse>[0] = {}): Promise<void> {
  clock = createTestClock();
  dataverse = await startTestDataverse({ clock, ...limits });
}
afterEach(() => dataverse.close());

const answersTo = async (count: number, ask: () => Promise<Answer> = () => dataverse.get('WhoAmI')): Promise<readonly Answer[]> => {
  const answers: Answer[] = [];
  for (let index = 0; index < count; index += 1) answers.push(await ask());
  return answers;
};
const statusesOf = (answers: readonly Answer[]) => answers.map(({ status }) => status);
const targets = (rows: number) => ({
  Targets: Array.from({ length: rows }, (_, index) => ({ '@odata.type': 'Microsoft.Dynamics.CRM.account', name: `Account ${index}` })),
});
const createMultiple = (rows: number) => dataverse.post('accounts/Microsoft.Dynamics.CRM.CreateMultiple', targets(rows));

describe('service protection limits', () => {
  it('are off until somebody asks for them, and then nothing takes longer than it needs', async () => {
    await start({ limits: { requests: 2, concurrentRequests: 1 } });
    const answers = await answersTo(5);
    expect(statusesOf(answers)).toEqual([200, 200, 200, 200, 200]);
    expect(answers[0]?.headers.has('x-ms-ratelimit-burst-remaining-xrm-requests')).toBe(false);
  });

  it('refuse a request beyond the number of requests with 429, and let it in after Retry-After', async () => {
    await start({ limits: { isEnforced: true, requests: 3, webServers: 1 } });
    await answersTo(1);
    clock.advance(100_000);
    await answersTo(2);
    clock.advance(99_500);
    const refused = await dataverse.get('WhoAmI');
    expect([refused.status, refused.error.code]).toEqual([429, '0x80072322']);
    expect(refused.error.message).toBe('Number of requests exceeded the limit of 3 over time window of 300 seconds.');
    // The refused one counts too, so the second of the four must leave the window.
    expect(refused.headers.get('retry-after')).toBe('201');
    clock.advance(199_000);
    expect((await dataverse.get('WhoAmI')).status).toBe(429);
    clock.advance(300_000);
    expect((await dataverse.get('WhoAmI')).status).toBe(200);
  });

  it('put Retry-After up while it is ignored', async () => {
    await start({ limits: { isEnforced: true, requests: 10, webServers: 1, ignoredRetryAfterMs: 3000 } });
    await answersTo(10);
    clock.advance(290_000);
    const answers = await answersTo(4);
    expect(answers.map(({ headers }) => headers.get('retry-after'))).toEqual(['10', '13', '16', '19']);
  });

  it('count execution time by what was done: a bulk message is one request, and every row of it costs', async () => {
    const executionTimes = { requestMs: 100, rowMs: { createMultiple: 50 } };
    await start({ limits: { isEnforced: true, isExecutionSimulated: true, jitter: 0, webServers: 1, executionMs: 1100, executionTimes } });
    const bulk = createMultiple(20);
    await clock.untilWaiting(1);
    clock.advance(1099);
    expect(await Promise.race([bulk, dataverse.control('GET', 'clock').then(() => 'still under way')])).toBe('still under way');
    clock.advance(1);
    expect((await bulk).status).toBe(200);
    const refused = await dataverse.get('WhoAmI');
    expect([refused.status, refused.error.code, refused.headers.get('retry-after')]).toEqual([429, '0x80072321', '300']);
    clock.advance(300_000);
    const again = dataverse.get('WhoAmI');
    await clock.untilWaiting(1);
    clock.advance(100);
    expect((await again).status).toBe(200);
  });

  it('count a batch as one request, and the time of its parts', async () => {
    const executionTimes = { requestMs: 100, batchPartMs: 10, operationMs: { create: 40 } };
    await start({ limits: { isEnforced: true, isExecutionSimulated: true, jitter: 0, webServers: 1, executionTimes } });
    const part = { method: 'POST', url: 'accounts', body: { name: 'A' } };
    const batch = sendBatch(dataverse, [part, part, part]);
    await clock.untilWaiting(1);
    clock.advance(250);
    const { answer, parts } = await batch;
    expect([answer.status, ...parts.map(({ status }) => status)]).toEqual([200, 204, 204, 204]);
    expect(answer.headers.get('x-ms-ratelimit-burst-remaining-xrm-requests')).toBe('5999');
    expect(answer.headers.get('x-ms-ratelimit-time-remaining-xrm-requests')).toBe('1,199.75');
  });

  it('run 52 requests at once and refuse the 53rd, then go on', async () => {
    await start({ limits: { isEnforced: true, isExecutionSimulated: true, webServers: 1 } });
    const underWay = Array.from({ length: 52 }, () => dataverse.get('WhoAmI'));
    await clock.untilWaiting(52);
    const refused = await dataverse.get('WhoAmI');
    expect([refused.status, refused.error]).toEqual([
      429,
      { code: '0x80072326', message: 'Number of concurrent requests exceeded the limit of 52.' },
    ]);
    expect(refused.headers.get('retry-after')).toBe('1');
    clock.advance(1000);
    expect(statusesOf(await Promise.all(underWay)).every((status) => status === 200)).toBe(true);
    const next = dataverse.get('WhoAmI');
    await clock.untilWaiting(1);
    clock.advance(1000);
    expect((await next).status).toBe(200);
  });

  it('give every user a budget of its own, whomever it acts for', async () => {
    await start({ limits: { isEnforced: true, requests: 2, webServers: 1 } });
    const asAda = () => dataverse.call('GET', 'WhoAmI', { as: 'ada' });
    const forAda = () => dataverse.get('WhoAmI', { CallerObjectId: '33333333-3333-4333-8333-333333333333' });
    expect(statusesOf(await answersTo(3, forAda))).toEqual([200, 200, 429]);
    expect(statusesOf(await answersTo(3, asAda))).toEqual([200, 200, 429]);
  });

  it('count on every web server apart, or for the environment as a whole', async () => {
    await start({ limits: { isEnforced: true, requests: 2, webServers: 3 } });
    expect(statusesOf(await answersTo(7))).toEqual([200, 200, 200, 200, 200, 200, 429]);
    await dataverse.control('POST', 'limits', { countedPer: 'environment' });
    expect(statusesOf(await answersTo(3))).toEqual([200, 200, 429]);
  });

  it('can be changed while it runs; a mistyped one is refused', async () => {
    await start();
    expect((await dataverse.control('POST', 'limits', { isEnforced: true, requests: 1, webServers: 1 })).json).toMatchObject({
      requests: 1,
    });
    expect(statusesOf(await answersTo(2))).toEqual([200, 429]);
    expect((await dataverse.control('POST', 'limits', { request: 5 })).status).toBe(400);
    expect((await dataverse.control('POST', 'limits', { requests: '5' })).status).toBe(400);
    await dataverse.control('DELETE', 'rows');
    expect((await dataverse.control('GET', 'limits')).json).toMatchObject({ isEnforced: false, requests: 6000, webServers: 3 });
  });
});

describe('several web servers', () => {
  const affinityOf = (answer: Answer | undefined) =>
    /^ARRAffinity=([0-9a-f]+); path=\/; HttpOnly$/.exec(answer?.headers.get('set-cookie') ?? '')?.[1];

  it('without the cookie the requests go round, with it they stay', async () => {
    await start();
    const affinities = (await answersTo(6)).map(affinityOf);
    expect(new Set(affinities).size).toBe(3);
    expect(affinities.slice(3)).toEqual(affinities.slice(0, 3));
    const [first] = affinities;
    await dataverse.control('POST', 'limits', { isEnforced: true, requests: 2 });
    const staying = await answersTo(3, () => dataverse.get('WhoAmI', { cookie: `other=1; ARRAffinity=${first}` }));
    expect(statusesOf(staying)).toEqual([200, 200, 429]);
    expect(staying.map(({ headers }) => headers.get('set-cookie'))).toEqual([null, null, null]);
    // The other two have not been asked yet.
    expect(statusesOf(await answersTo(4))).toEqual([429, 200, 200, 429]);
  });

  it('a cookie of a server that is no more is replaced', async () => {
    await start();
    expect(affinityOf(await dataverse.get('WhoAmI', { cookie: 'ARRAffinity=abcdef' }))).toMatch(/^[0-9a-f]{64}$/);
  });

  it('a request goes where the fewest are under way', async () => {
    await start({ limits: { isExecutionSimulated: true, jitter: 0, webServers: 2 } });
    const long = createMultiple(100);
    await clock.untilWaiting(1);
    const short: string[] = [];
    for (let index = 0; index < 4; index += 1) {
      const answer = dataverse.get('WhoAmI');
      await clock.untilWaiting(2);
      clock.advance(40);
      short.push(affinityOf(await answer) ?? '');
    }
    clock.advance(1000);
    expect(short).not.toContain(affinityOf(await long));
  });

  it('or anywhere, the same way with every start', async () => {
    const wander = async () => {
      await start({ limits: { placement: 'random', seed: 5, webServers: 8 } });
      return (await answersTo(20)).map(affinityOf);
    };
    const once = await wander();
    await dataverse.close();
    expect(await wander()).toEqual(once);
    expect(once).not.toEqual([...once.slice(8), ...once.slice(0, 8)]);
  });

  it('more requests at once than recommended make each of them slower', async () => {
    await start({ limits: { isExecutionSimulated: true, jitter: 0, webServers: 1, dopHint: 2, slowdownAboveHint: 1 } });
    const startMs = clock.nowMs();
    const ends: number[] = [];
    const ask = () => dataverse.get('WhoAmI').then(() => ends.push(clock.nowMs() - startMs));
    const asked: Promise<number>[] = [];
    for (let count = 1; count <= 4; count += 1) {
      asked.push(ask());
      await clock.untilWaiting(count);
    }
    for (const step of [40, 20, 20]) {
      const before = ends.length;
      clock.advance(step);
      await Promise.all(step === 40 ? asked.slice(0, 2) : asked.slice(before, before + 1));
    }
    expect(ends).toEqual([40, 40, 60, 80]);
  });
});

describe('the clock’s switch', () => {
  it('tells the simulated moment and the speed, and sets it', async () => {
    await start();
    expect((await dataverse.control('GET', 'clock')).json).toMatchObject({
      nowMs: clock.nowMs(),
      now: '2026-01-31T08:00:00.000Z',
      speed: 1,
    });
    expect((await dataverse.control('POST', 'clock', { speed: 60 })).json).toMatchObject({ speed: 60 });
    clock.advance(1000);
    expect((await dataverse.control('GET', 'clock')).json).toMatchObject({ now: '2026-01-31T08:01:00.000Z' });
    const id = await dataverse.create('accounts', { name: 'A' });
    expect((await dataverse.get(`accounts(${id})`)).json).toMatchObject({ modifiedon: '2026-01-31T08:01:00Z' });
    expect((await dataverse.control('POST', 'clock', { speed: 0 })).status).toBe(400);
  });
});
