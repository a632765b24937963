/** define-alternate-keys-entity.md */
import { type Json, startTestDataverse, type TestDataverse } from '../dataverse-client.ts';
import { columnOf, contacts, keyOf, textColumn } from './definitions.ts';

describe('alternate keys over the Web API (define-alternate-keys-entity.md)', () => {
  let dataverse: TestDataverse;
  let nowMs = Date.UTC(2026, 10, 26);
  beforeAll(async () => {
    dataverse = await startTestDataverse({ now: () => nowMs, settings: { keyIndexBuildMs: null } });
  });
  afterAll(() => dataverse.close());
  beforeEach(() => dataverse.post(`${contacts}/Attributes`, textColumn('new_Code', 20)));
  afterEach(() => dataverse.reset());

  const addKey = (key: Json) => dataverse.post(`${contacts}/Keys`, key);
  const codeKey = keyOf('new_CodeKey', ['new_code']);
  const status = async (name = 'new_codekey') =>
    (await dataverse.get(`${contacts}/Keys(LogicalName='${name}')?$select=EntityKeyIndexStatus`, { Consistency: 'Strong' })).json
      .EntityKeyIndexStatus;
  const advance = () => dataverse.control('POST', 'key-indexes/advance');

  it('a created key answers 204 with its address, which reads it', async () => {
    const answer = await addKey(codeKey);
    const address = answer.headers.get('odata-entityid') ?? '';
    expect(answer.status).toBe(204);
    expect(address).toMatch(/\/EntityDefinitions\(LogicalName='contact'\)\/Keys\([0-9a-f-]{36}\)$/);
    expect((await dataverse.get(address)).json).toMatchObject({
      LogicalName: 'new_codekey',
      SchemaName: 'new_CodeKey',
      EntityLogicalName: 'contact',
      KeyAttributes: ['new_code'],
      EntityKeyIndexStatus: 'Pending',
      IsManaged: false,
    });
  });

  it('its index is built in the background: Pending, InProgress, Active, and until then the key is none', async () => {
    const id = await dataverse.create('contacts', { lastname: 'A', new_code: 'x1' });
    await addKey(codeKey);
    const use = async () => {
      const { status: httpStatus, error } = await dataverse.get(`contacts(new_code='X1')?$select=contactid`);
      return [httpStatus, error.code];
    };
    expect([await status(), ...(await use())]).toEqual(['Pending', 400, '0x80060890']);
    await advance();
    expect([await status(), ...(await use())]).toEqual(['InProgress', 400, '0x80060890']);
    await advance();
    expect([await status(), ...(await use())]).toEqual(['Active', 200, '']);
    expect((await dataverse.get(`contacts(new_code='X1')?$select=contactid`)).json.contactid).toBe(id);
  });

  it('the clock builds it too', async () => {
    await dataverse.control('POST', 'environment', { keyIndexBuildMs: 60_000 });
    await addKey(codeKey);
    expect(await status()).toBe('Pending');
    nowMs += 30_000;
    expect(await status()).toBe('InProgress');
    nowMs += 30_000;
    expect(await status()).toBe('Active');
  });

  it('values are unique from Active on, and not before', async () => {
    await addKey(codeKey);
    await dataverse.create('contacts', { lastname: 'A', new_code: 'x1' });
    await advance();
    await advance();
    const doubled = await dataverse.post('contacts', { lastname: 'B', new_code: 'X1' });
    expect([doubled.status, doubled.error.code]).toEqual([412, '0x80060892']);
    expect((await dataverse.post('contacts', { lastname: 'C' })).status).toBe(204);
    expect((await dataverse.post('contacts', { lastname: 'D' })).status).toBe(204);
  });

  it('rows with the same value make it Failed; once they are put right, ReactivateEntityKey builds it', async () => {
    await dataverse.create('contacts', { lastname: 'A', new_code: 'x1' });
    const second = await dataverse.create('contacts', { lastname: 'B', new_code: 'X1 ' });
    await addKey(codeKey);
    await advance();
    await advance();
    expect(await status()).toBe('Failed');
    expect((await dataverse.get(`contacts(new_code='x1')`)).error.code).toBe('0x80060890');

    await dataverse.patch(`contacts(${second})`, { new_code: 'x2' });
    const again = { EntityLogicalName: 'contact', EntityKeyLogicalName: 'new_codekey' };
    expect((await dataverse.post('ReactivateEntityKey', again)).status).toBe(204);
    expect(await status()).toBe('Pending');
    await advance();
    await advance();
    expect(await status()).toBe('Active');
    expect((await dataverse.get(`contacts(new_code='x2')?$select=contactid`)).json.contactid).toBe(second);
  });

  it('deleting a key ends the job that builds it', async () => {
    await addKey(codeKey);
    expect((await dataverse.delete(`${contacts}/Keys(LogicalName='new_codekey')`)).status).toBe(204);
    await advance();
    expect((await dataverse.get(`${contacts}/Keys(LogicalName='new_codekey')`)).status).toBe(404);
    await addKey(codeKey);
    expect(await status()).toBe('Pending');
  });

  it('the keys of all tables come in one query, as the page writes it', async () => {
    await addKey(codeKey);
    const { rows } = await dataverse.get('EntityDefinitions?$select=SchemaName&$expand=Keys($select=KeyAttributes)');
    const contact = rows.find((row) => row.SchemaName === 'Contact');
    expect((contact?.Keys as readonly Json[]).map((key) => key.KeyAttributes)).toEqual([['ccsync_sourcekey'], ['new_code']]);
  });

  it('a key of several columns, a lookup among them, is addressed by all of them', async () => {
    await addKey(keyOf('new_ParentKey', ['new_code', 'transactioncurrencyid']));
    await advance();
    await advance();
    expect(await status('new_parentkey')).toBe('Active');
    const currency = String((await dataverse.get('transactioncurrencies?$select=transactioncurrencyid')).rows[0]?.transactioncurrencyid);
    const address = `contacts(new_code='7',_transactioncurrencyid_value=${currency})`;
    expect(
      (await dataverse.patch(address, { lastname: 'A', 'transactioncurrencyid@odata.bind': `/transactioncurrencies(${currency})` })).status,
    ).toBe(204);
    expect((await dataverse.get(`${address}?$select=lastname`)).json.lastname).toBe('A');
  });

  it.each([
    ['a name without a prefix', keyOf('CodeKey', ['new_code']), 400, '0x80044366'],
    ['the name of another key', keyOf('ccsync_SourceKey', ['new_code']), 400, '0x80060893'],
    ['the columns of another key', keyOf('new_Second', ['ccsync_sourcekey']), 400, '0x80060894'],
    ['no columns', keyOf('new_CodeKey', []), 400, '0x80040203'],
    ['a column that is not there', keyOf('new_CodeKey', ['new_nothing']), 404, '0x80040217'],
    ['a column of a type that no key can hold', keyOf('new_CodeKey', ['description']), 400, '0x80040203'],
    ['a column that only the server writes', keyOf('new_CodeKey', ['fullname']), 400, '0x80090112'],
    ['more than 900 bytes', keyOf('new_CodeKey', ['ccsync_sourcekey', 'ccsync_sourcecrmid']), 400, '0x80040203'],
  ])('%s is refused', async (_what, key, httpStatus, code) => {
    const answer = await addKey(key);
    expect([answer.status, answer.error.code]).toEqual([httpStatus, code]);
    expect((await dataverse.get(`${contacts}/Keys`)).rows).toHaveLength(1);
  });

  it('a table has at most ten keys, and a key at most sixteen columns', async () => {
    for (let number = 0; number < 17; number += 1) await dataverse.post(`${contacts}/Attributes`, columnOf('Integer', `new_N${number}`));
    const names = Array.from({ length: 17 }, (_, number) => `new_n${number}`);
    expect((await addKey(keyOf('new_Wide', names))).status).toBe(400);
    for (let number = 0; number < 9; number += 1) {
      expect((await addKey(keyOf(`new_K${number}`, [`new_n${number}`]))).status).toBe(204);
    }
    expect((await addKey(keyOf('new_K9', ['new_n9']))).error.code).toBe('0x80040203');
  });
});
