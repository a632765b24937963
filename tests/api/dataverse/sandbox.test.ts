import { type SandboxScene, never, startSandboxScene } from './sandbox-scene.ts';

describe('Dataverse in the sandbox', () => {
  let scene: SandboxScene;

  beforeAll(async () => {
    scene = await startSandboxScene();
  });
  afterEach(() => scene.reset());
  afterAll(() => scene.stop());

  it('knows who it is', async () => {
    expect(await scene.open().whoAmI(never)).toEqual({
      userId: '0a6a4d62-0000-4000-8000-000000000001',
      organizationId: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
      address: scene.sandbox.dataverseUrl,
    });
  });

  it('is told when the secret is wrong, and the secret is in no text of the error', async () => {
    const failure = await scene
      .open({ clientSecret: 'not-the-secret' })
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
      const table = await scene.open().describeTable('contact', never);
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
      const dataverse = scene.open();
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
      const dataverse = scene.open();
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
      const dataverse = scene.open();
      const [first, ...others] = await Promise.all(Array.from({ length: 20 }, () => dataverse.describeTable('account', never)));
      expect(others.every((table) => table === first)).toBe(true);
      expect((await scene.statistics()).requests).toBe(1);
    });

    it('names what the environment lacks of our solution', async () => {
      await scene.control('POST', 'environment', { isSolutionInstalled: false });
      const dataverse = scene.open();
      await expect(dataverse.describeTable('contact', never)).rejects.toMatchObject({
        code: 'dataverse.solution_missing',
        details: {
          table: 'contact',
          what: expect.stringMatching(/columns ccsync_sourcekey, .*ccsync_syncstatus and the alternate key/) as unknown,
        },
      });
      await scene.control('POST', 'environment', { isSolutionInstalled: true, keyIndexStatus: 'InProgress' });
      await expect(dataverse.describeTable('contact', never)).rejects.toMatchObject({
        details: { what: expect.stringContaining('InProgress') as unknown },
      });
      await scene.control('POST', 'environment', { keyIndexStatus: 'Active' });
      expect((await dataverse.describeTable('contact', never)).logicalName).toBe('contact');
    });

    it('says that a table does not exist', async () => {
      await expect(scene.open().describeTable('nonsense', never)).rejects.toMatchObject({ code: 'dataverse.solution_missing' });
    });

    it('notices a table without bulk messages', async () => {
      await scene.control('POST', 'environment', { offersBulkMessages: false });
      expect((await scene.open().describeTable('contact', never)).supportsUpsertMultiple).toBe(false);
    });
  });
});
