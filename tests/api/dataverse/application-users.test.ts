import { type DataverseUser, openDataverse } from '../../../api/src/dataverse/open-dataverse.ts';
import { createTokenSource } from '../../../api/src/dataverse/sign-in/token-source.ts';
import type { Dataverse } from '../../../api/src/dataverse/types.ts';
import { requestJson } from '../../support/http-json.ts';
import { type Sandbox, applicationUsers, startSandbox, tenantId } from '../../support/sandbox.ts';

const never = new AbortController().signal;
const clock = { nowMs: () => Date.now() };
const rows = Array.from({ length: 600 }, (_, index) => ({ sourceKey: `crm~${index}`, columnsJson: `"name":"Name ${index}"` }));

interface UserTraffic {
  readonly user: string;
  readonly requests: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly rowsWritten: number;
}

describe('application users that share the work', () => {
  let sandbox: Sandbox;
  let dataverse: Dataverse;

  const trafficOf = async (clientId: string): Promise<UserTraffic> => {
    const { byUserAndServer } = await requestJson<{ readonly byUserAndServer: readonly UserTraffic[] }>(
      `${sandbox.dataverseUrl}/sandbox/statistics`,
    );
    const own = byUserAndServer.filter(({ user }) => user === clientId);
    const sum = (pick: (count: UserTraffic) => number): number => own.reduce((total, count) => total + pick(count), 0);
    return {
      user: clientId,
      requests: sum(({ requests }) => requests),
      refused: { all: sum(({ refused }) => Object.values(refused).reduce((total, count) => total + count, 0)) },
      rowsWritten: sum(({ rowsWritten }) => rowsWritten),
    };
  };

  const signedIn = (user: { readonly clientId: string; readonly clientSecret: string }): DataverseUser => ({
    clientId: user.clientId,
    credential: createTokenSource({ authority: sandbox.issuerUrl, tenantId, resource: sandbox.dataverseUrl, ...user }, { clock }),
  });

  beforeAll(async () => {
    sandbox = await startSandbox({ limits: true, webServers: 1 });
    await requestJson(`${sandbox.dataverseUrl}/sandbox/limits`, { method: 'POST', body: { isExecutionSimulated: false } });
  });
  beforeEach(() => {
    dataverse = openDataverse({
      url: sandbox.dataverseUrl,
      users: [signedIn(applicationUsers[0]), signedIn(applicationUsers[1])],
      clock,
      batchSize: 20,
      // Nobody who waits is ever woken: what is written was not waited for.
      sleep: (_waitMs, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        }),
    });
  });
  afterEach(async () => {
    await dataverse.close();
    await fetch(`${sandbox.dataverseUrl}/sandbox/rows`, { method: 'DELETE' });
  });
  afterAll(() => sandbox.stop());

  it('write a good part of the rows each', async () => {
    const accounts = await dataverse.describeTable('account', never);
    const outcomes = await dataverse.upsert(accounts, rows, { lane: 'bulk', signal: never });
    expect(outcomes.every(({ status }) => status === 'written')).toBe(true);
    for (const { clientId } of applicationUsers.slice(0, 2)) {
      expect((await trafficOf(clientId)).rowsWritten).toBeGreaterThanOrEqual(60);
    }
  });

  it('go on as the other one, without waiting, when one has used up what it may', async () => {
    await requestJson(`${sandbox.dataverseUrl}/sandbox/limits`, { method: 'POST', body: { requests: 20, isEnforced: true } });
    const [first, second] = applicationUsers;
    const accounts = await dataverse.describeTable('account', never);
    // The first one's budget is spent by somebody else who signs in as it.
    const token = await sandbox.applicationToken();
    for (let request = 0; request < 20; request += 1) {
      await fetch(`${sandbox.dataverseUrl}/api/data/v9.2/WhoAmI`, { headers: { authorization: `Bearer ${token}` } });
    }
    const outcomes = await dataverse.upsert(accounts, rows.slice(0, 200), { lane: 'bulk', signal: never });
    expect(outcomes.every(({ status }) => status === 'written')).toBe(true);
    expect((await trafficOf(first.clientId)).refused.all).toBeGreaterThan(0);
    expect((await trafficOf(second.clientId)).refused.all).toBe(0);
    expect(await dataverse.upsert(accounts, rows.slice(0, 1), { lane: 'interactive', signal: never })).toEqual([{ status: 'written' }]);
  });
});
