/** The statistics that a bench computes the permitted throughput from. */
import { people, startTestDataverse, type TestDataverse } from '../dataverse-client.ts';
import { createTestClock, type TestClock } from './test-clock.ts';

let clock: TestClock;
let dataverse: TestDataverse;
beforeEach(async () => {
  clock = createTestClock();
  dataverse = await startTestDataverse({
    clock,
    limits: { isEnforced: true, isExecutionSimulated: true, jitter: 0, webServers: 2, concurrentRequests: 2 },
  });
});
afterEach(() => dataverse.close());

const statistics = async () => (await dataverse.control('GET', 'statistics')).json;
const application = '22222222-2222-4222-8222-222222222222';
const noRefusals = { requests: 0, executionTime: 0, concurrentRequests: 0 };

describe('statistics of the traffic', () => {
  it('tell by user and server what was asked, refused and written, and what time it took', async () => {
    const create = () => dataverse.post('accounts', { name: 'A' });
    const underWay = [create(), create(), create(), create()];
    await clock.untilWaiting(4);
    expect((await create()).status).toBe(429);
    const asAda = dataverse.call('GET', 'WhoAmI', { as: 'ada' });
    await clock.untilWaiting(5);
    clock.advance(1000);
    await Promise.all([...underWay, asAda]);
    expect(await statistics()).toMatchObject({
      requests: 6,
      throttled: 1,
      rowsCreated: 4,
      rowsUpdated: 0,
      rowsDeleted: 0,
      elapsedMs: 1000,
      byUserAndServer: [
        {
          user: application,
          server: 1,
          requests: 3,
          refused: { ...noRefusals, concurrentRequests: 1 },
          executionMs: 130,
          peakConcurrent: 2,
          rowsWritten: 2,
        },
        { user: application, server: 2, requests: 2, refused: noRefusals, executionMs: 130, peakConcurrent: 2, rowsWritten: 2 },
        { user: people.ada, server: 2, requests: 1, refused: noRefusals, executionMs: 40, peakConcurrent: 1, rowsWritten: 0 },
      ],
    });
  });

  it('start anew when they are cleared, while the windows go on', async () => {
    await dataverse.control('POST', 'limits', { webServers: 1, requests: 1, isExecutionSimulated: false });
    await dataverse.get('WhoAmI');
    clock.advance(10_000);
    await dataverse.control('DELETE', 'statistics');
    expect(await statistics()).toMatchObject({ requests: 0, elapsedMs: 0, byUserAndServer: [] });
    expect((await dataverse.get('WhoAmI')).status).toBe(429);
  });

  it('a bulk message that is rolled back costs its rows’ time, and writes none', async () => {
    await dataverse.control('POST', 'limits', { isEnforced: false });
    const rows = Array.from({ length: 10 }, (_, index) => ({
      '@odata.type': 'Microsoft.Dynamics.CRM.account',
      name: index === 7 ? 'x'.repeat(161) : 'A',
    }));
    const refused = dataverse.post('accounts/Microsoft.Dynamics.CRM.CreateMultiple', { Targets: rows });
    await clock.untilWaiting(1);
    clock.advance(1000);
    expect((await refused).status).toBe(400);
    // 40 ms for the request, 8 for each of the seven rows before the bad one.
    expect(await statistics()).toMatchObject({ rowsCreated: 0, byUserAndServer: [{ executionMs: 96, rowsWritten: 0 }] });
  });
});
