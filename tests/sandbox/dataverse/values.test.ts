/** Types, lengths and ranges of columns; facts of the account and contact reference pages, codes of the Web API. */
import { startTestDataverse, type TestDataverse } from './dataverse-client.ts';

describe('values that Dataverse takes and refuses', () => {
  let dataverse: TestDataverse;
  beforeAll(async () => {
    dataverse = await startTestDataverse();
  });
  afterAll(() => dataverse.close());
  afterEach(() => dataverse.reset());

  const roundTrip = async (set: string, column: string, value: unknown): Promise<unknown> => {
    const id = await dataverse.create(set, { [column]: value });
    return (await dataverse.get(`${set}(${id})?$select=${column}`)).json[column];
  };
  const refusal = async (set: string, body: unknown) => {
    const answer = await dataverse.post(set, body);
    expect((await dataverse.get(set)).rows).toHaveLength(0);
    return { status: answer.status, ...answer.error };
  };

  it.each([
    ['accounts', 'name', 160],
    ['accounts', 'address1_line1', 250],
    ['accounts', 'address1_postalcode', 20],
    ['accounts', 'description', 2000],
    ['contacts', 'lastname', 50],
    ['contacts', 'telephone1', 50],
    ['contacts', 'jobtitle', 100],
    ['contacts', 'ccsync_sourcekey', 250],
    ['contacts', 'ccsync_sourcecrmurl', 1000],
  ])('%s.%s takes %i characters and not one more', async (set, column, maxLength) => {
    expect(await roundTrip(set, column, 'x'.repeat(maxLength))).toBe('x'.repeat(maxLength));
    dataverse.reset();
    const table = set.slice(0, -1);
    expect(await refusal(set, { [column]: 'x'.repeat(maxLength + 1) })).toEqual({
      status: 400,
      code: '0x80044331',
      message: `A validation error occurred.  The length of the '${column}' attribute of the '${table}' entity exceeded the maximum allowed length of '${maxLength}'.`,
    });
  });

  it('length counts UTF-16 code units: a face of two counts twice', async () => {
    expect(await roundTrip('contacts', 'lastname', '😀'.repeat(25))).toBe('😀'.repeat(25));
    dataverse.reset();
    expect((await refusal('contacts', { lastname: '😀'.repeat(26) })).code).toBe('0x80044331');
  });

  it('text of every script comes back as it was sent', async () => {
    for (const text of ['Müller-Lüdenscheidt', '山田 太郎', 'عبد الله', 'Дмитрий', 'line\r\nbreak\ttab', 'O\'Brien & <Söhne> "x"']) {
      expect(await roundTrip('accounts', 'name', text)).toBe(text);
    }
  });

  it('control characters in text are refused', async () => {
    expect(await refusal('accounts', { name: 'a\u000bb' })).toMatchObject({ status: 400, code: '0x80040278' });
  });

  it.each(['jane', 'jane@', '@example.com', 'jane doe@example.com', 'a@b@c', 'a@example.com; b@example.com', '<jane@example.com>'])(
    'the e-mail %s is refused without being repeated in the message',
    async (address) => {
      const answer = await refusal('contacts', { lastname: 'X', emailaddress1: address });
      expect(answer).toMatchObject({ status: 400, code: '0x80040203' });
      expect(answer.message).not.toContain(address);
    },
  );

  it.each(['jane@example.com', 'jane@localhost', "o'brien+x@exämple.de"])('the e-mail %s is taken', async (address) => {
    expect(await roundTrip('contacts', 'emailaddress1', address)).toBe(address);
  });

  it.each([
    ['name', 5, 'Edm.String'],
    ['name', {}, 'Edm.String'],
    ['name', true, 'Edm.String'],
    ['numberofemployees', 'many', 'Edm.Int32'],
    ['numberofemployees', 1.5, 'Edm.Int32'],
    ['numberofemployees', 2147483648, 'Edm.Int32'],
    ['revenue', '12.5', 'Edm.Decimal'],
    ['creditonhold', 'yes', 'Edm.Boolean'],
    ['creditonhold', 1, 'Edm.Boolean'],
    ['ccsync_lastsyncedon', 'yesterday', 'Edm.DateTimeOffset'],
    ['ccsync_lastsyncedon', '2026-01-01', 'Edm.DateTimeOffset'],
    ['ccsync_lastsyncedon', '2026-01-01T00:00:00', 'Edm.DateTimeOffset'],
    ['ccsync_lastsyncedon', 1767225600000, 'Edm.DateTimeOffset'],
    ['ccsync_syncstatus', 'In sync', 'Edm.Int32'],
    ['accountid', 'one', 'Edm.Guid'],
  ])('%s: %p is not converted to %s', async (column, value, edmType) => {
    const answer = await refusal('accounts', { [column]: value });
    expect(answer).toMatchObject({ status: 400, code: '0x80048d19' });
    expect(answer.message).toContain(`to the expected type '${edmType}'`);
    expect(answer.message).toContain("Error identified in Payload provided by the user for Entity :'accounts'");
  });

  it.each([
    ['numberofemployees', -1, '0x8004432f'],
    ['numberofemployees', 1_000_000_001, '0x8004432f'],
    ['revenue', -0.01, '0x80044330'],
    ['ccsync_syncstatus', 1, '0x8004431A'],
    ['ccsync_lastsyncedon', '1752-12-31T23:59:59Z', '0x80040239'],
    ['statecode', 5, '0x80048408'],
    ['statuscode', 9, '0x80048408'],
    ['statuscode', 2, '0x80048408'],
    ['statecode', null, '0x80040203'],
  ])('%s: %p is outside of its range (%s)', async (column, value, code) => {
    expect(await refusal('accounts', { [column]: value })).toMatchObject({ status: 400, code });
  });

  it('a choice out of range is refused with the values that there are', async () => {
    expect((await refusal('contacts', { ccsync_syncstatus: 7 })).message).toBe(
      "A validation error occurred. The value 7 of 'ccsync_syncstatus' on record of type 'contact' is outside the valid range. Accepted Values: 863400000,863400001,863400002",
    );
  });

  it.each([
    ['2026-01-31T08:00:00.999Z', '2026-01-31T08:00:00Z'],
    ['2026-01-31T10:00:00+02:00', '2026-01-31T08:00:00Z'],
    ['2026-01-31T08:00Z', '2026-01-31T08:00:00Z'],
  ])('the moment %s comes back as %s', async (sent, kept) => {
    expect(await roundTrip('contacts', 'ccsync_lastsyncedon', sent)).toBe(kept);
  });

  it('a birthday is a date without a time', async () => {
    expect(await roundTrip('contacts', 'birthdate', '1964-02-29')).toBe('1964-02-29');
    dataverse.reset();
    for (const value of ['1964-02-30', '1964-02-29T00:00:00Z', '29.2.1964']) {
      expect(await refusal('contacts', { birthdate: value })).toMatchObject({ status: 400, code: '0x80048d19' });
    }
  });

  it('an amount is kept to the cent', async () => {
    expect(await roundTrip('accounts', 'revenue', 12.345)).toBe(12.35);
  });

  describe('states', () => {
    it('deactivate and reactivate by pair', async () => {
      const id = await dataverse.create('contacts', { lastname: 'X' });
      await dataverse.patch(`contacts(${id})`, { statecode: 1, statuscode: 2 });
      expect((await dataverse.get(`contacts(${id})`)).json).toMatchObject({ statecode: 1, statuscode: 2 });
      await dataverse.patch(`contacts(${id})`, { statecode: 0, statuscode: 1 });
      expect((await dataverse.get(`contacts(${id})`)).json).toMatchObject({ statecode: 0, statuscode: 1 });
    });

    it('a state alone takes its first reason, and another update leaves both', async () => {
      const id = await dataverse.create('contacts', { lastname: 'X' });
      await dataverse.patch(`contacts(${id})`, { statecode: 1 });
      await dataverse.patch(`contacts(${id})`, { lastname: 'Y' });
      expect((await dataverse.get(`contacts(${id})`)).json).toMatchObject({ statecode: 1, statuscode: 2, lastname: 'Y' });
    });

    it('a reason of the other state is refused with both names', async () => {
      const id = await dataverse.create('contacts', { lastname: 'X' });
      const answer = await dataverse.patch(`contacts(${id})`, { statecode: 1, statuscode: 1 });
      expect([answer.status, answer.error]).toEqual([
        400,
        { code: '0x80048408', message: `1 is not a valid status code for state code ContactState.Inactive on contact with Id ${id}.` },
      ]);
    });
  });

  it('a property that the table has not is refused by name; names are case-sensitive', async () => {
    for (const property of ['Name', 'nosuchcolumn']) {
      const answer = await refusal('accounts', { [property]: 'x' });
      expect(answer).toMatchObject({ status: 400, code: '0x80048d19' });
      expect(answer.message).toContain(`Invalid property '${property}' was found in entity 'Microsoft.Dynamics.CRM.account'`);
    }
  });

  it('names that JavaScript knows are no properties either', async () => {
    for (const property of ['constructor', 'toString']) {
      expect((await refusal('accounts', { [property]: 'x' })).code).toBe('0x80048d19');
    }
    expect((await refusal('accounts', '{"__proto__": "x"}')).code).toBe('0x80048d19');
  });
});
