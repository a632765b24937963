import { openDataverse } from '../../../api/src/dataverse/open-dataverse.ts';
import { createTokenSource } from '../../../api/src/dataverse/sign-in/token-source.ts';
import type { Dataverse, RowOutcome, RowToWrite, TableDescription } from '../../../api/src/dataverse/types.ts';
import { applicationUser, startSandbox, tenantId, type Sandbox } from '../../support/sandbox.ts';

const never = new AbortController().signal;
const bulk = { lane: 'bulk', signal: never } as const;
const agent = '44444444-4444-4444-8444-444444444444';
const restricted = '55555555-5555-4555-8555-555555555555';
const clock = { nowMs: Date.now };

const account = (sourceKey: string, name: string): RowToWrite => ({ sourceKey, columnsJson: `"name":${JSON.stringify(name)}` });
const contact = (sourceKey: string, columns: Readonly<Record<string, unknown>>): RowToWrite => ({
  sourceKey,
  columnsJson: JSON.stringify(columns).slice(1, -1),
});
const failedOf = (outcomes: readonly RowOutcome[]) =>
  outcomes.flatMap((outcome, index) => (outcome.status === 'failed' ? [{ index, ...outcome }] : []));

interface Statistics {
  readonly requests: number;
  readonly writesByTable: Readonly<Record<string, number>>;
}

describe('Dataverse in the sandbox', () => {
  let sandbox: Sandbox;
  const opened: Dataverse[] = [];

  const control = async (method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<void> => {
    const response = await fetch(`${sandbox.dataverseUrl}/sandbox/${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  };
  const statistics = async (): Promise<Statistics> =>
    (await (await fetch(`${sandbox.dataverseUrl}/sandbox/statistics`)).json()) as Statistics;

  const open = (options: Partial<Parameters<typeof openDataverse>[0]> & { readonly clientSecret?: string } = {}): Dataverse => {
    const credential = createTokenSource(
      {
        authority: sandbox.issuerUrl,
        tenantId,
        resource: sandbox.dataverseUrl,
        clientId: applicationUser.clientId,
        clientSecret: options.clientSecret ?? applicationUser.clientSecret,
      },
      { clock },
    );
    const dataverse = openDataverse({
      url: sandbox.dataverseUrl,
      users: [{ clientId: applicationUser.clientId, credential }],
      clock,
      ...options,
    });
    opened.push(dataverse);
    return dataverse;
  };

  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((dataverse) => dataverse.close()));
    await control('POST', 'environment', { isSolutionInstalled: true, keyIndexStatus: 'Active', offersBulkMessages: true });
    await control('DELETE', 'faults');
    await control('DELETE', 'rows');
    await control('DELETE', 'statistics');
  });
  afterAll(() => sandbox.stop());

  it('knows who it is', async () => {
    expect(await open().whoAmI(never)).toEqual({
      userId: '0a6a4d62-0000-4000-8000-000000000001',
      organizationId: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
      address: sandbox.dataverseUrl,
    });
  });

  it('is told when the secret is wrong, and the secret is in no text of the error', async () => {
    const failure = await open({ clientSecret: 'not-the-secret' })
      .whoAmI(never)
      .then(
        () => null,
        (error: unknown) => error,
      );
    expect(failure).toMatchObject({ code: 'dataverse.unauthorised', details: { problem: 'invalid_client' } });
    expect(JSON.stringify(failure) + String(failure)).not.toContain('not-the-secret');
  });

  describe('describing a table', () => {
    it('gives columns with type, length and display name, and whether the table takes bulk messages', async () => {
      const table = await open().describeTable('contact', never);
      expect(table).toMatchObject({
        logicalName: 'contact',
        entitySetName: 'contacts',
        primaryIdColumn: 'contactid',
        supportsUpsertMultiple: true,
      });
      expect(table.columns.get('lastname')).toEqual({
        logicalName: 'lastname',
        type: 'String',
        maxLength: 50,
        displayName: 'Last Name',
        isValidForCreate: true,
        isValidForUpdate: true,
      });
      expect(table.columns.get('description')).toMatchObject({ type: 'Memo', maxLength: 2000 });
      expect(table.columns.get('createdon')).toMatchObject({ type: 'DateTime', maxLength: null, isValidForCreate: false });
      expect(table.columns.get('ccsync_sourcekey')?.maxLength).toBe(250);
    });

    it('gives what a column of each type takes: choices, limits, dates, where a lookup points', async () => {
      const dataverse = open();
      const { columns } = await dataverse.describeTable('account', never);
      expect(columns.get('accountcategorycode')?.options?.map(({ value, labels }) => [value, ...labels])).toEqual([
        [1, 'Preferred Customer'],
        [2, 'Standard'],
      ]);
      expect(columns.get('numberofemployees')?.range).toEqual({ min: 0, max: 1_000_000_000 });
      expect(columns.get('revenue')).toMatchObject({ type: 'Money', range: { min: 0, max: 100_000_000_000_000 }, precision: 2 });
      expect(columns.get('creditonhold')?.options?.map(({ value, label }) => [value, label])).toEqual([
        [1, 'Yes'],
        [0, 'No'],
      ]);
      expect(columns.get('primarycontactid')?.targets).toEqual([{ table: 'contact', navigationProperty: 'primarycontactid' }]);
      expect(columns.get('statecode')?.isRequired).toBe(true);
      const contacts = await dataverse.describeTable('contact', never);
      expect(contacts.columns.get('birthdate')?.dateBehaviour).toBe('DateOnly');
      expect(contacts.columns.get('ccsync_lastsyncedon')?.dateBehaviour).toBe('UserLocal');
      expect(contacts.columns.get('parentcustomerid')?.targets?.map(({ navigationProperty }) => navigationProperty)).toEqual([
        'parentcustomerid_account',
        'parentcustomerid_contact',
      ]);
    });

    it('describes a table that lookups point to, though it has none of our columns, and finds its rows by a text', async () => {
      const dataverse = open();
      const currencies = await dataverse.describeTargetTable('transactioncurrency', never);
      expect(currencies.entitySetName).toBe('transactioncurrencies');
      const rows = await dataverse.readRowsByColumn(currencies, 'isocurrencycode', ['eur', "X'Y&/", 'GBP'], {
        select: ['transactioncurrencyid', 'currencyname'],
        signal: never,
      });
      expect(rows.map(({ currencyname, isocurrencycode }) => [currencyname, isocurrencycode])).toEqual([['Euro', 'EUR']]);
      await expect(dataverse.describeTargetTable('nonsense', never)).rejects.toMatchObject({ code: 'dataverse.table_unknown' });
    });

    it('asks once, however many want to know', async () => {
      const dataverse = open();
      const [first, ...others] = await Promise.all(Array.from({ length: 20 }, () => dataverse.describeTable('account', never)));
      expect(others.every((table) => table === first)).toBe(true);
      expect((await statistics()).requests).toBe(1);
    });

    it('names what the environment lacks of our solution', async () => {
      await control('POST', 'environment', { isSolutionInstalled: false });
      const dataverse = open();
      await expect(dataverse.describeTable('contact', never)).rejects.toMatchObject({
        code: 'dataverse.solution_missing',
        details: {
          table: 'contact',
          what: expect.stringMatching(/columns ccsync_sourcekey, .*ccsync_syncstatus and the alternate key/) as unknown,
        },
      });
      await control('POST', 'environment', { isSolutionInstalled: true, keyIndexStatus: 'InProgress' });
      await expect(dataverse.describeTable('contact', never)).rejects.toMatchObject({
        details: { what: expect.stringContaining('InProgress') as unknown },
      });
      await control('POST', 'environment', { keyIndexStatus: 'Active' });
      expect((await dataverse.describeTable('contact', never)).logicalName).toBe('contact');
    });

    it('says that a table does not exist', async () => {
      await expect(open().describeTable('nonsense', never)).rejects.toMatchObject({ code: 'dataverse.solution_missing' });
    });

    it('notices a table without bulk messages', async () => {
      await control('POST', 'environment', { offersBulkMessages: false });
      expect((await open().describeTable('contact', never)).supportsUpsertMultiple).toBe(false);
    });
  });

  describe.each(['bulk-messages', 'row-by-row'] as const)('written by %s', (writeWith) => {
    let dataverse: Dataverse;
    let accounts: TableDescription;
    let contacts: TableDescription;

    beforeEach(async () => {
      dataverse = open({ writeWith, maxConcurrency: 8 });
      accounts = await dataverse.describeTable('account', never);
      contacts = await dataverse.describeTable('contact', never);
      await control('DELETE', 'statistics');
    });

    it('rows are created, then updated: never doubled', async () => {
      const rows = Array.from({ length: 700 }, (_, index) => account(`crm~${index}`, `Åccount “${index}”`));
      expect(failedOf(await dataverse.upsert(accounts, rows, bulk))).toEqual([]);
      expect(
        failedOf(
          await dataverse.upsert(
            accounts,
            rows.slice(0, 10).map(({ sourceKey }) => account(sourceKey, 'Renamed')),
            bulk,
          ),
        ),
      ).toEqual([]);
      const stored = await sandbox.dataverse.rows('accounts', '$select=name,ccsync_sourcekey');
      expect(stored).toHaveLength(700);
      expect(stored.filter(({ name }) => name === 'Renamed')).toHaveLength(10);
      expect(stored.find(({ ccsync_sourcekey: key }) => key === 'crm~500')?.name).toBe('Åccount “500”');
    });

    it('a column that is null is cleared, one that is absent is kept', async () => {
      await dataverse.upsert(contacts, [contact('crm~1', { lastname: 'Doe', telephone1: '1', fax: '2' })], bulk);
      await dataverse.upsert(contacts, [contact('crm~1', { lastname: 'Roe', fax: null })], bulk);
      expect(await sandbox.dataverse.rowByKey('contacts', 'crm~1')).toMatchObject({ lastname: 'Roe', telephone1: '1', fax: null });
    });

    it('an over-long name, a refused e-mail and a missing parent fail alone, each with its reason, and all others land', async () => {
      await dataverse.upsert(accounts, [account('crm~acme', 'Acme')], bulk);
      const parent = (key: string) => ({ 'parentcustomerid_account@odata.bind': `/accounts(ccsync_sourcekey='${key}')` });
      const rows = Array.from({ length: 300 }, (_, index) => contact(`crm~${index}`, { lastname: `Name ${index}`, ...parent('crm~acme') }));
      rows[17] = contact('crm~17', { lastname: 'Wolfeschlegelsteinhausenbergerdorff'.repeat(3) });
      rows[111] = contact('crm~111', { lastname: 'Doe', emailaddress1: 'jane.doe@@example' });
      rows[299] = contact('crm~299', { lastname: 'Orphan', ...parent('crm~nobody') });
      const failed = failedOf(await dataverse.upsert(contacts, rows, bulk));
      expect(failed.map(({ index, failureClass, code }) => ({ index, failureClass, code }))).toEqual([
        { index: 17, failureClass: 'data', code: '0x80044331' },
        { index: 111, failureClass: 'data', code: '0x80040203' },
        { index: 299, failureClass: 'data', code: '0x80060891' },
      ]);
      const [tooLong, badMail] = failed;
      expect(tooLong?.reason).toContain("'lastname'");
      expect(tooLong?.reason).toContain("'50'");
      expect(badMail?.reason).toContain("'emailaddress1'");
      expect(failed.map(({ reason }) => reason).join()).not.toMatch(/Wolfe|jane|nobody|Orphan/);
      const stored = await sandbox.dataverse.rows('contacts', '$select=lastname,_parentcustomerid_value');
      expect(stored).toHaveLength(297);
      expect(stored.every(({ _parentcustomerid_value: id }) => typeof id === 'string')).toBe(true);
    });

    it('a throttled, failing or deadlocked Dataverse costs time, not rows', async () => {
      const rows = Array.from({ length: 20 }, (_, index) => account(`crm~${index}`, `Name ${index}`));
      await control('POST', 'faults', { kind: 'throttle', count: 1, retryAfterSeconds: 1 });
      await control('POST', 'faults', { kind: 'unavailable', count: 1 });
      await control('POST', 'faults', { kind: 'deadlock', count: 1 });
      await control('POST', 'faults', { kind: 'sqlTimeout', count: 1 });
      expect(failedOf(await dataverse.upsert(accounts, rows, bulk))).toEqual([]);
      expect(await sandbox.dataverse.count('accounts')).toBe(20);
    });

    it('four writers that create the same rows at once leave each row once', async () => {
      const writers = await Promise.all(
        Array.from({ length: 4 }, async () => {
          const writer = open({ writeWith });
          return { writer, table: await writer.describeTable('contact', never) };
        }),
      );
      const rows = Array.from({ length: 250 }, (_, index) => contact(`crm~${index}`, { lastname: `Name ${index}` }));
      const outcomes = await Promise.all(writers.map(({ writer, table }) => writer.upsert(table, rows, bulk)));
      expect(outcomes.flatMap(failedOf)).toEqual([]);
      expect(await sandbox.dataverse.count('contacts')).toBe(250);
    });

    it('removed rows are deactivated, those that are not there are said to be missing', async () => {
      await dataverse.upsert(contacts, [contact('crm~1', { lastname: 'Doe' })], bulk);
      const outcomes = await dataverse.update(
        contacts,
        ['crm~gone', 'crm~1'].map((key) => contact(key, { statecode: 1, statuscode: 2, ccsync_syncstatus: 863400002 })),
        bulk,
      );
      expect(outcomes).toEqual([{ status: 'missing' }, { status: 'written' }]);
      expect(await sandbox.dataverse.rowByKey('contacts', 'crm~1')).toMatchObject({ statecode: 1, ccsync_syncstatus: 863400002 });
      expect(await sandbox.dataverse.count('contacts')).toBe(1);
    });

    it('a mapping that names no column of the table stops the run', async () => {
      const rows = Array.from({ length: 30 }, (_, index) => contact(`crm~${index}`, { lastname: 'Doe', shoesize: 42 }));
      await expect(dataverse.upsert(contacts, rows, bulk)).rejects.toMatchObject({ code: 'dataverse.refused' });
    });

    it('one bad row costs few requests', async () => {
      const rows = Array.from({ length: 800 }, (_, index) => account(`crm~${index}`, index === 555 ? 'x'.repeat(161) : 'Acme'));
      expect(failedOf(await dataverse.upsert(accounts, rows, bulk)).map(({ index }) => index)).toEqual([555]);
      expect((await statistics()).requests).toBeLessThanOrEqual(30);
    });
  });

  describe('reading', () => {
    let dataverse: Dataverse;
    let contacts: TableDescription;
    const select = ['lastname', 'contactid', '_parentcustomerid_value'];

    beforeEach(async () => {
      dataverse = open();
      contacts = await dataverse.describeTable('contact', never);
      await dataverse.upsert(
        contacts,
        Array.from({ length: 1200 }, (_, index) => contact(`crm~${index}`, { lastname: `Name ${index}` })),
        bulk,
      );
      await control('DELETE', 'statistics');
    });

    it('finds a row by key and by id', async () => {
      const byKey = await dataverse.readRow(contacts, { sourceKey: 'crm~7' }, { select, signal: never });
      expect(byKey).toMatchObject({ lastname: 'Name 7', _parentcustomerid_value: null });
      const rowId = String(byKey?.contactid);
      expect(await dataverse.readRow(contacts, { rowId }, { select, signal: never })).toMatchObject({ lastname: 'Name 7' });
    });

    it('finds nothing for a key or id that is not there, nor for one that is none', async () => {
      for (const address of [
        { sourceKey: 'crm~x' },
        { sourceKey: "o'x" },
        { rowId: '6f2b1c1e-0000-4000-8000-00000000000a' },
        { rowId: "x')" },
      ]) {
        expect(await dataverse.readRow(contacts, address, { select, signal: never })).toBeNull();
      }
    });

    it('shows a person only what that person may read', async () => {
      const read = (asUser: string) => dataverse.readRow(contacts, { sourceKey: 'crm~7' }, { select, signal: never, asUser });
      expect(await read(agent)).toMatchObject({ lastname: 'Name 7' });
      expect(await read(restricted)).toBeNull();
      expect(await read('6f2b1c1e-0000-4000-8000-00000000000a')).toBeNull();
    });

    it('says when a column to read does not exist', async () => {
      await expect(dataverse.readRow(contacts, { sourceKey: 'crm~7' }, { select: ['shoesize'], signal: never })).rejects.toMatchObject({
        code: 'dataverse.refused',
      });
    });

    it('finds the rows of a whole page by key in one request, and leaves out those that are not there', async () => {
      const keys = Array.from({ length: 1300 }, (_, index) => `crm~${index}`);
      const rows = await dataverse.readRowsByKey(contacts, [...keys, 'crm~1', "o'x"], { select: ['lastname'], signal: never });
      expect(rows.size).toBe(1200);
      expect(rows.get('crm~1199')).toMatchObject({ lastname: 'Name 1199' });
      expect((await statistics()).requests).toBe(1);
    });

    it('finds a few rows, and asks nothing for none', async () => {
      expect([...(await dataverse.readRowsByKey(contacts, ['crm~3', 'crm~x'], { select, signal: never })).keys()]).toEqual(['crm~3']);
      expect((await dataverse.readRowsByKey(contacts, [], { select, signal: never })).size).toBe(0);
      expect((await statistics()).requests).toBe(1);
    });

    it('reads on through throttling', async () => {
      await control('POST', 'faults', { kind: 'throttle', count: 1, retryAfterSeconds: 1 });
      const rows = await dataverse.readRowsByKey(
        contacts,
        Array.from({ length: 600 }, (_, index) => `crm~${index}`),
        { select: ['lastname'], signal: never },
      );
      expect(rows.size).toBe(600);
    });
  });
});
