import { openDataverse, type DataverseOptions } from '../../../api/src/dataverse/open-dataverse.ts';
import { createTokenSource } from '../../../api/src/dataverse/sign-in/token-source.ts';
import type { Dataverse, RowToWrite, TableDescription } from '../../../api/src/dataverse/types.ts';
import { requestJson } from '../../support/http-json.ts';
import { type Sandbox, applicationUser, startSandbox, tenantId } from '../../support/sandbox.ts';

const never = new AbortController().signal;
const bulk = { lane: 'bulk', signal: never } as const;
const clock = { nowMs: () => Date.now() };

const rowsNamed = (count: number, nameOf: (index: number) => string = (index) => `Name ${index}`): readonly RowToWrite[] =>
  Array.from({ length: count }, (_, index) => ({
    sourceKey: `crm~${index}`,
    columnsJson: JSON.stringify({ name: nameOf(index) }).slice(1, -1),
  }));

describe('what the writer promises', () => {
  let sandbox: Sandbox;
  const opened: Dataverse[] = [];

  const open = async (options: Partial<DataverseOptions> = {}): Promise<{ dataverse: Dataverse; accounts: TableDescription }> => {
    const credential = createTokenSource(
      { authority: sandbox.issuerUrl, tenantId, resource: sandbox.dataverseUrl, ...applicationUser },
      { clock },
    );
    const dataverse = openDataverse({
      url: sandbox.dataverseUrl,
      users: [{ clientId: applicationUser.clientId, credential }],
      clock,
      ...options,
    });
    opened.push(dataverse);
    return { dataverse, accounts: await dataverse.describeTable('account', never) };
  };
  const requestCount = async (): Promise<number> =>
    (await requestJson<{ readonly requests: number }>(`${sandbox.dataverseUrl}/sandbox/statistics`)).requests;

  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((dataverse) => dataverse.close()));
    await fetch(`${sandbox.dataverseUrl}/sandbox/rows`, { method: 'DELETE' });
  });
  afterAll(() => sandbox.stop());

  it('one bad row in 1,000 fails alone with Dataverse’s reason, and finding it costs no more than 2·log2(1000) requests', async () => {
    const { dataverse, accounts } = await open();
    const before = await requestCount();
    const clean = await dataverse.upsert(accounts, rowsNamed(1_000), bulk);
    expect(clean.every(({ status }) => status === 'written')).toBe(true);
    const afterClean = await requestCount();
    const outcomes = await dataverse.upsert(
      accounts,
      rowsNamed(1_000, (index) => (index === 617 ? 'x'.repeat(161) : `New ${index}`)),
      bulk,
    );
    const afterBad = await requestCount();
    expect(outcomes.flatMap((outcome, index) => (outcome.status === 'failed' ? [{ index, ...outcome }] : []))).toEqual([
      {
        index: 617,
        status: 'failed',
        failureClass: 'data',
        code: '0x80044331',
        reason: expect.stringContaining("'name' attribute of the 'account' entity exceeded the maximum allowed length of '160'") as unknown,
      },
    ]);
    const stored = await sandbox.dataverse.rows('accounts', '$select=name');
    expect(stored.filter(({ name }) => String(name).startsWith('New '))).toHaveLength(999);
    expect(afterBad - afterClean - (afterClean - before)).toBeLessThanOrEqual(Math.floor(2 * Math.log2(1_000)));
  });

  it('100,000 attempts of four writers at once to create the same 1,000 records leave exactly 1,000 rows', async () => {
    const writers = await Promise.all([open(), open(), open(), open()]);
    await Promise.all(
      writers.map(async ({ dataverse, accounts }, writer) => {
        for (let round = 0; round < 25; round += 1) {
          const outcomes = await dataverse.upsert(
            accounts,
            rowsNamed(1_000, (index) => `Name ${index} of ${writer}`),
            bulk,
          );
          if (outcomes.some(({ status }) => status !== 'written')) throw new Error('a row was refused');
        }
      }),
    );
    const stored = await sandbox.dataverse.rows('accounts', '$select=ccsync_sourcekey');
    expect(stored).toHaveLength(1_000);
    expect(new Set(stored.map(({ ccsync_sourcekey: key }) => key)).size).toBe(1_000);
  }, 120_000);

  it('an agent’s click is written while bulk work waits for its turn', async () => {
    const { dataverse, accounts } = await open({ maxConcurrency: 3, batchSize: 100 });
    let isBulkDone = false;
    const loading = dataverse.upsert(accounts, rowsNamed(20_000), bulk).then((outcomes) => {
      isBulkDone = true;
      return outcomes;
    });
    const click = { sourceKey: 'crm~click', columnsJson: '"name":"Clicked"' };
    expect(await dataverse.upsert(accounts, [click], { lane: 'interactive', signal: never })).toEqual([{ status: 'written' }]);
    expect(isBulkDone).toBe(false);
    expect((await loading).every(({ status }) => status === 'written')).toBe(true);
  });

  it('requests shrink when SQL times out on large ones, until they pass, and grow back when that is over', async () => {
    const { dataverse, accounts } = await open({ maxConcurrency: 3 });
    const faults = `${sandbox.dataverseUrl}/sandbox/faults`;
    const timeOutAbove = (aboveRows: number) =>
      requestJson(faults, { method: 'POST', body: { kind: 'sqlTimeout', probability: 1, aboveRows } });
    const costOf = async (work: () => Promise<unknown>): Promise<number> => {
      const before = await requestCount();
      await work();
      return (await requestCount()) - before;
    };
    const load = async (): Promise<void> => {
      const outcomes = await dataverse.upsert(accounts, rowsNamed(1_000), bulk);
      expect(outcomes.every(({ status }) => status === 'written')).toBe(true);
    };
    const usual = await costOf(load);
    expect(usual).toBeLessThanOrEqual(10);

    await timeOutAbove(40);
    await load();
    const shrunk = await costOf(load);
    // 25 requests of 40 would do; no row was sent in vain any more.
    expect(shrunk).toBeGreaterThanOrEqual(25);
    expect(shrunk).toBeLessThan(60);

    await fetch(faults, { method: 'DELETE' });
    for (let round = 0; round < 30; round += 1) await load();
    expect(await costOf(load)).toBeLessThanOrEqual(10);
  });
});
