import { AppError, isAppError } from '../../../api/src/errors/app-error.ts';
import { type DataverseOptions, type DataverseUser, openDataverse } from '../../../api/src/dataverse/open-dataverse.ts';
import type { Dataverse, RowOutcome, RowToWrite, TableDescription } from '../../../api/src/dataverse/types.ts';
import { type Fault, type RowRefusal, type ScriptedDataverse, startScriptedDataverse } from './scripted-dataverse.ts';

const codeThrownBy = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return isAppError(error) ? error.code : error;
  }
  return 'nothing was thrown';
};

const never = new AbortController().signal;
const bulk = { lane: 'bulk', signal: never } as const;
const interactive = { lane: 'interactive', signal: never } as const;

const column = (logicalName: string, maxLength: number) =>
  [
    logicalName,
    { logicalName, type: 'String', maxLength, displayName: logicalName, isValidForCreate: true, isValidForUpdate: true },
  ] as const;

const contacts: TableDescription = {
  logicalName: 'contact',
  entitySetName: 'contacts',
  primaryIdColumn: 'contactid',
  columns: new Map([column('lastname', 50), column('firstname', 50)]),
  supportsUpsertMultiple: true,
};

const ways = [
  { way: 'UpsertMultiple', table: contacts },
  { way: '$batch of PATCH', table: { ...contacts, supportsUpsertMultiple: false } },
] as const;

const rowsNamed = (count: number, from = 0): RowToWrite[] =>
  Array.from({ length: count }, (_, index) => ({ sourceKey: `crm~${from + index}`, columnsJson: `"lastname":"Name ${from + index}"` }));

const tooLong: RowRefusal = {
  status: 400,
  code: '0x80044331',
  message:
    "A validation error occurred. The length of the 'lastname' attribute of the 'contact' entity exceeded the maximum allowed length of '50'.",
};
const refuseKeys =
  (keys: readonly string[], refusal: RowRefusal) =>
  ({ key }: { readonly key: string }) =>
    keys.includes(key) ? refusal : undefined;

const statusOf = (outcomes: readonly { readonly status: string }[]) => outcomes.map(({ status }) => status);
const failedOf = (outcomes: readonly RowOutcome[]) =>
  outcomes.flatMap((outcome, index) => (outcome.status === 'failed' ? [{ index, ...outcome }] : []));

/** Answers the first requests with these faults, one after the other. */
const inTurn =
  (...faults: readonly (Fault | undefined)[]) =>
  (_: unknown, index: number): Fault | undefined =>
    faults[index];

const answer = (status: number, code = '', headers: Readonly<Record<string, string>> = {}): Fault => ({
  kind: 'answer',
  status,
  headers,
  body: JSON.stringify({ error: { code, message: 'as the script says' } }),
});

describe('writing while Dataverse misbehaves', () => {
  let server: ScriptedDataverse;
  let dataverse: Dataverse;
  let nowMs: number;
  let slept: number[];
  let tokens: { given: number; invalidated: number };
  let logged: string[];

  const credential: DataverseUser['credential'] = {
    getToken: async () => `token-${tokens.invalidated}-${(tokens.given += 1) > 0}`,
    invalidate: () => {
      tokens.invalidated += 1;
    },
  };
  const open = (options: Partial<DataverseOptions> = {}): Dataverse =>
    openDataverse({
      url: server.url,
      users: [{ clientId: 'first', credential }],
      clock: { nowMs: () => nowMs },
      random: () => 0.5,
      // Waiting passes at once, but the clock shows it.
      sleep: async (waitMs, signal) => {
        signal.throwIfAborted();
        slept.push(waitMs);
        nowMs += waitMs;
      },
      log: { warn: (details, message) => logged.push(`${message} ${JSON.stringify(details)}`), debug: () => {} },
      ...options,
    });

  beforeEach(async () => {
    server = await startScriptedDataverse();
    nowMs = Date.parse('2026-11-22T08:00:00Z');
    slept = [];
    tokens = { given: 0, invalidated: 0 };
    logged = [];
    dataverse = open();
  });

  afterEach(async () => {
    await dataverse.close();
    await server.close();
  });

  describe.each(ways)('by $way', ({ table }) => {
    it('lands every row once, in requests that never share a row', async () => {
      const outcomes = await dataverse.upsert(table, rowsNamed(2500), bulk);
      expect(outcomes).toHaveLength(2500);
      expect(new Set(statusOf(outcomes))).toEqual(new Set(['written']));
      expect(server.rows.size).toBe(2500);
      expect(server.rows.get('crm~1234')).toEqual({ lastname: 'Name 1234' });
      expect(server.overlaps.sameRow).toBe(0);
      expect(server.overlaps.mostAtOnce).toBeGreaterThan(1);
      expect(server.overlaps.mostAtOnce).toBeLessThanOrEqual(4);
    });

    it('fails only the bad rows, with Dataverse’s code and reason, and lands all others', async () => {
      server.script.refuseRow = refuseKeys(['crm~0', 'crm~517', 'crm~999'], tooLong);
      const outcomes = await dataverse.upsert(table, rowsNamed(1000), bulk);
      expect(failedOf(outcomes)).toEqual(
        [0, 517, 999].map((index) => ({ index, status: 'failed', failureClass: 'data', code: '0x80044331', reason: tooLong.message })),
      );
      expect(server.rows.size).toBe(997);
    });

    it('lands everything although the answers to half of the requests are lost after the commit', async () => {
      server.script.fault = (_, index) => (index % 2 === 0 ? { kind: 'lose answer' } : undefined);
      const outcomes = await dataverse.upsert(table, rowsNamed(1000), bulk);
      expect(new Set(statusOf(outcomes))).toEqual(new Set(['written']));
      expect(server.rows.size).toBe(1000);
    });

    it('tries again after a broken connection and after 502, 503 and 504', async () => {
      server.script.fault = inTurn({ kind: 'reset' }, answer(502), answer(503), answer(504));
      const outcomes = await dataverse.upsert(table, rowsNamed(3), bulk);
      expect(statusOf(outcomes)).toEqual(['written', 'written', 'written']);
      // 1 s, 2 s, 4 s, 8 s, each times 0.75 with this randomness.
      expect(slept).toEqual([750, 1500, 3000, 6000]);
    });

    it('waits as long as Retry-After says, in all lanes', async () => {
      server.script.fault = inTurn(answer(429, '0x80072322', { 'retry-after': '120' }));
      const startedMs = nowMs;
      await dataverse.upsert(table, rowsNamed(1), bulk);
      expect(nowMs - startedMs).toBe(120_000);

      server.script.fault = (_, index) => (index === 2 ? answer(429, '0x80072326', { 'retry-after': '9' }) : undefined);
      const [, read] = await Promise.all([
        dataverse.upsert(table, rowsNamed(1), bulk),
        dataverse.upsert(table, rowsNamed(1, 5), interactive),
      ]);
      expect(read).toEqual([{ status: 'written' }]);
      expect(nowMs - startedMs).toBeGreaterThanOrEqual(129_000);
    });

    it('tells a person at once when Dataverse wants more patience than a click has', async () => {
      server.script.fault = () => answer(429, '0x80072321', { 'retry-after': '240' });
      await expect(dataverse.upsert(table, rowsNamed(1), interactive)).rejects.toMatchObject({
        code: 'dataverse.rate_limited',
        details: { seconds: 240 },
      });
      expect(slept).toEqual([]);
    });

    it('gives up on throttling that never ends', async () => {
      server.script.fault = () => answer(429, '0x80072322', { 'retry-after': '60' });
      await expect(dataverse.upsert(table, rowsNamed(1), bulk)).rejects.toMatchObject({ code: 'dataverse.rate_limited' });
      expect(server.requests.length).toBeLessThan(30);
    });

    it('signs in again once when the token is refused, and says so when that does not help', async () => {
      server.script.fault = inTurn(answer(401));
      expect(statusOf(await dataverse.upsert(table, rowsNamed(1), bulk))).toEqual(['written']);
      expect(tokens.invalidated).toBe(1);
      expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer token-0-true', 'Bearer token-1-true']);

      server.script.fault = () => answer(401);
      await expect(dataverse.upsert(table, rowsNamed(1), bulk)).rejects.toMatchObject({ code: 'dataverse.unauthorised' });
    });

    it('throws one token away once, however many lanes were refused with it', async () => {
      server.script.fault = (request) => (request.headers.authorization === 'Bearer token-0-true' ? answer(401) : undefined);
      await dataverse.upsert(table, rowsNamed(2000), bulk);
      expect(tokens.invalidated).toBe(1);
      expect(server.rows.size).toBe(2000);
    });

    it('says that the service fails when it fails for good, and that it cannot be reached when nobody answers', async () => {
      server.script.fault = () => answer(503);
      await expect(dataverse.upsert(table, rowsNamed(1), interactive)).rejects.toMatchObject({ code: 'dataverse.failing' });
      server.script.fault = () => ({ kind: 'reset' });
      await expect(dataverse.upsert(table, rowsNamed(1), interactive)).rejects.toMatchObject({
        code: 'dataverse.unreachable',
        details: { problem: 'ECONNRESET' },
      });
    });

    it('repeats a deadlock a few times', async () => {
      server.script.fault = inTurn(answer(500, '0x80044150'), answer(500, '-2147204784'));
      expect(statusOf(await dataverse.upsert(table, rowsNamed(2), bulk))).toEqual(['written', 'written']);
    });

    it('does not call rows bad when SQL fails for all of them', async () => {
      server.script.refuseRow = () => ({ status: 500, code: '0x80044150', message: 'Generic SQL error' });
      await expect(dataverse.upsert(table, rowsNamed(40), bulk)).rejects.toMatchObject({ code: 'dataverse.failing' });
    });

    it('fails a few rows as rows, so that one on which SQL always breaks stops no run', async () => {
      server.script.refuseRow = () => ({ status: 500, code: '0x80044150', message: 'Generic SQL error' });
      expect(failedOf(await dataverse.upsert(table, rowsNamed(1), bulk))).toMatchObject([
        { failureClass: 'transient', code: '0x80044150' },
      ]);
    });

    it('isolates the one row on which SQL always fails', async () => {
      server.script.refuseRow = refuseKeys(['crm~7'], { status: 500, code: '0x80044150', message: 'Generic SQL error' });
      const outcomes = await dataverse.upsert(table, rowsNamed(20), bulk);
      expect(failedOf(outcomes)).toMatchObject([{ index: 7, failureClass: 'transient', code: '0x80044150' }]);
    });

    it('fails only the row whose parent is missing', async () => {
      const refusal = {
        status: 404,
        code: '0x80060891',
        message: 'A record with the specified key values does not exist in account entity',
      };
      server.script.refuseRow = refuseKeys(['crm~3'], refusal);
      expect(failedOf(await dataverse.upsert(table, rowsNamed(10), bulk))).toMatchObject([
        { index: 3, failureClass: 'data', code: '0x80060891' },
      ]);
    });

    it('updates a row that another writer created in the same moment', async () => {
      const racing = new Set(['crm~4']);
      server.script.refuseRow = ({ key }) =>
        racing.delete(key) ? { status: 412, code: '0x80060892', message: 'A record that has the same key already exists.' } : undefined;
      expect(new Set(statusOf(await dataverse.upsert(table, rowsNamed(10), bulk)))).toEqual(new Set(['written']));
      expect(server.requests).toHaveLength(2);
    });

    it('fails the row that breaks a key of the customer’s own', async () => {
      server.script.refuseRow = refuseKeys(['crm~4'], { status: 412, code: '0x80060892', message: 'Entity Key new_number violated.' });
      expect(failedOf(await dataverse.upsert(table, rowsNamed(10), bulk))).toMatchObject([
        { index: 4, failureClass: 'data', code: '0x80060892' },
      ]);
    });

    it('stops for rights that are missing for every row, instead of failing them all', async () => {
      server.script.refuseRow = () => ({
        status: 403,
        code: '0x80040220',
        message: 'Principal user is missing prvCreateContact privilege',
      });
      await expect(dataverse.upsert(table, rowsNamed(1), bulk)).rejects.toMatchObject({ code: 'dataverse.forbidden' });
      server.script.refuseRow = () => ({ status: 403, code: '0x80048306', message: 'Privilege check failed' });
      await expect(dataverse.upsert(table, rowsNamed(500), bulk)).rejects.toMatchObject({ code: 'dataverse.forbidden' });
      expect(server.rows.size).toBe(0);
    });

    it('fails only the rows that somebody else may write', async () => {
      server.script.refuseRow = refuseKeys(['crm~3', 'crm~30'], {
        status: 403,
        code: '0x80040220',
        message: 'SecLib::AccessCheckEx failed.',
      });
      const outcomes = await dataverse.upsert(table, rowsNamed(50), bulk);
      expect(failedOf(outcomes)).toMatchObject([
        { index: 3, failureClass: 'permission' },
        { index: 30, failureClass: 'permission' },
      ]);
      expect(server.rows.size).toBe(48);
    });

    it('stops for a column that the environment does not have', async () => {
      const message = "Error identified in Payload: Invalid property 'nickname' was found in entity 'Microsoft.Dynamics.CRM.contact'.";
      server.script.refuseRow = () => ({ status: 400, code: '0x80048d19', message });
      await expect(dataverse.upsert(table, rowsNamed(300), bulk)).rejects.toMatchObject({ code: 'dataverse.refused' });
    });

    it('lets the customer’s own plug-in fail rows as such', async () => {
      server.script.refuseRow = refuseKeys(['crm~1'], { status: 400, code: '0x80040265', message: 'No Name 1 on Fridays' });
      expect(failedOf(await dataverse.upsert(table, rowsNamed(4), bulk))).toEqual([
        {
          index: 1,
          status: 'failed',
          failureClass: 'plugin',
          code: '0x80040265',
          reason: expect.not.stringContaining('Name 1') as unknown,
        },
      ]);
    });

    it('refuses a call that names a row twice, before anything is sent', async () => {
      const [row] = rowsNamed(1);
      if (!row) throw new Error('no row');
      await expect(dataverse.upsert(table, [row, row], bulk)).rejects.toThrow('twice');
      expect(server.requests).toEqual([]);
    });

    it('keeps two calls with the same rows apart', async () => {
      await Promise.all(Array.from({ length: 6 }, () => dataverse.upsert(table, rowsNamed(150), bulk)));
      expect(server.overlaps.sameRow).toBe(0);
      expect(server.rows.size).toBe(150);
    });

    it('stops when it is called off, and sends nothing afterwards', async () => {
      const abort = new AbortController();
      server.script.fault = (_, index) => {
        if (index === 1) abort.abort(new Error('the run was cancelled'));
        return undefined;
      };
      await expect(dataverse.upsert(table, rowsNamed(5000), { lane: 'bulk', signal: abort.signal })).rejects.toThrow(
        'the run was cancelled',
      );
      const sent = server.requests.length;
      await dataverse.close();
      expect(server.requests.length).toBe(sent);
      expect(sent).toBeLessThanOrEqual(8);
    });

    it('never writes a token, a name or a body to the log', async () => {
      server.script.fault = inTurn({ kind: 'reset' }, answer(401), answer(429, '0x80072322', { 'retry-after': '2' }), answer(503));
      server.script.refuseRow = refuseKeys(['crm~1'], { ...tooLong, message: "The value 'Name 1' is bad" });
      await dataverse.upsert(table, rowsNamed(3), bulk);
      expect(logged).toHaveLength(4);
      expect(logged.join('\n')).not.toMatch(/token-|Name \d|lastname/);
      expect(logged.join('\n')).toContain('ref-1');
    });
  });

  it('needs at most 2·log2(1000) further requests for one bad row in 1,000', async () => {
    dataverse = open({ batchSize: 1000, maxConcurrency: 3 });
    for (const bad of ['crm~0', 'crm~333', 'crm~999']) {
      server.requests.length = 0;
      server.script.refuseRow = refuseKeys([bad], tooLong);
      const outcomes = await dataverse.upsert(contacts, rowsNamed(1000), bulk);
      expect(failedOf(outcomes)).toHaveLength(1);
      expect(server.requests.length).toBeLessThanOrEqual(21);
      expect(server.requests.every(({ path }) => path.endsWith('UpsertMultiple'))).toBe(true);
    }
  });

  it('asks row by row when many rows are bad, and the outcome is the same', async () => {
    const bad = rowsNamed(1000)
      .filter((_, index) => index % 3 === 0)
      .map(({ sourceKey }) => sourceKey);
    server.script.refuseRow = refuseKeys(bad, tooLong);
    const outcomes = await dataverse.upsert(contacts, rowsNamed(1000), bulk);
    expect(failedOf(outcomes).map(({ index }) => `crm~${index}`)).toEqual(bad);
    expect(server.rows.size).toBe(1000 - bad.length);
    expect(server.requests.length).toBeLessThan(350);
  });

  it('halves a batch that SQL has no time for, and goes on with smaller ones', async () => {
    server.script.fault = ({ keys }) => (keys.length > 60 ? answer(500, '0x80044151') : undefined);
    expect(new Set(statusOf(await dataverse.upsert(contacts, rowsNamed(1000), bulk)))).toEqual(new Set(['written']));
    expect(server.rows.size).toBe(1000);
    server.requests.length = 0;
    await dataverse.upsert(contacts, rowsNamed(1000), bulk);
    expect(server.requests.filter(({ keys }) => keys.length > 60).length).toBeLessThanOrEqual(3);
  });

  it('sends a $batch again when its answer does not fit, and in the end says so', async () => {
    const cut = { kind: 'answer', status: 200, headers: { 'content-type': 'multipart/mixed; boundary=b' }, body: '--b\r\n' } as const;
    const [, { table }] = ways;
    server.script.fault = inTurn(cut);
    expect(statusOf(await dataverse.upsert(table, rowsNamed(2), bulk))).toEqual(['written', 'written']);
    server.script.fault = () => cut;
    await expect(dataverse.upsert(table, rowsNamed(2), bulk)).rejects.toMatchObject({ code: 'dataverse.failing' });
  });

  it('sends again only those parts of a $batch that were throttled', async () => {
    const [, { table }] = ways;
    const throttled = new Set(['crm~5', 'crm~6']);
    server.script.refuseRow = ({ key }) =>
      throttled.delete(key)
        ? { status: 429, code: '0x80072322', message: 'Number of requests exceeded the limit', headers: { 'Retry-After': '11' } }
        : undefined;
    expect(new Set(statusOf(await dataverse.upsert(table, rowsNamed(8), bulk)))).toEqual(new Set(['written']));
    expect(server.requests.map(({ keys }) => keys)).toEqual([rowsNamed(8).map(({ sourceKey }) => sourceKey), ['crm~5', 'crm~6']]);
    expect(slept).toContain(11_000);
  });

  it('does not let an agent’s click wait while bulk lanes are all busy', async () => {
    const release = Promise.withResolvers<void>();
    server.script.fault = ({ keys }) => (keys.includes('crm~click') ? undefined : { kind: 'hold', until: release.promise });
    const run = dataverse.upsert(contacts, rowsNamed(5000), bulk);
    await dataverse.upsert(contacts, [{ sourceKey: 'crm~click', columnsJson: '"lastname":"Clicked"' }], interactive);
    expect(server.rows.get('crm~click')).toEqual({ lastname: 'Clicked' });
    expect(server.rows.size).toBe(1);
    release.resolve();
    await run;
    expect(server.rows.size).toBe(5001);
  });

  it('updates only rows that are there, and says which are missing', async () => {
    await dataverse.upsert(contacts, rowsNamed(2), bulk);
    const removed = ['crm~0', 'crm~gone', 'crm~1'].map((sourceKey) => ({ sourceKey, columnsJson: '"statecode":1,"statuscode":2' }));
    expect(statusOf(await dataverse.update(contacts, removed, bulk))).toEqual(['written', 'missing', 'written']);
    expect(server.rows.get('crm~0')).toEqual({ lastname: 'Name 0', statecode: 1, statuscode: 2 });
    expect(server.rows.has('crm~gone')).toBe(false);
  });

  it('sits out a sign-in that cannot be reached for a moment', async () => {
    let downFor = 2;
    const credential = {
      getToken: async () => {
        downFor -= 1;
        if (downFor >= 0) throw new AppError('dataverse.unreachable', { host: 'login.example.org', problem: 'ECONNREFUSED' });
        return 'token';
      },
      invalidate: () => {},
    };
    expect(statusOf(await open({ users: [{ clientId: 'first', credential }] }).upsert(contacts, rowsNamed(1), bulk))).toEqual(['written']);
    downFor = 100;
    await expect(open({ users: [{ clientId: 'first', credential }] }).upsert(contacts, rowsNamed(1), interactive)).rejects.toMatchObject({
      code: 'dataverse.unreachable',
      details: { host: 'login.example.org' },
    });
  });

  it('says who it is, and takes the number of lanes from that answer', async () => {
    expect(await dataverse.whoAmI(never)).toMatchObject({ userId: 'user', organizationId: 'org' });
  });

  it('ends what is under way when it is closed', async () => {
    server.script.fault = () => ({ kind: 'hold', until: new Promise(() => {}) });
    const writing = dataverse.upsert(contacts, rowsNamed(3), bulk);
    const ended = expect(writing).rejects.toThrow('closed');
    await dataverse.close();
    await ended;
  });

  it('sends no token over an unencrypted line', () => {
    expect(codeThrownBy(() => open({ url: 'http://contoso.crm4.dynamics.com' }))).toBe('dataverse.address_refused');
    expect(codeThrownBy(() => open({ url: 'http://127.0.0.1.example.org' }))).toBe('dataverse.address_refused');
    expect(codeThrownBy(() => open({ url: 'nonsense' }))).toBe('dataverse.address_refused');
  });
});
