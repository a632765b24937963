import { type OpenServiceNow, openServiceNow } from './servicenow.ts';

let crm: OpenServiceNow;
beforeAll(async () => {
  crm = await openServiceNow({ accounts: 20, contacts: 200 });
});
afterAll(() => crm.close());

const total = 62;

describe('an encoded query (r_OpAvailableFiltersQueries)', () => {
  it.each([
    ['name=Alfreds Futterkiste', ['Alfreds Futterkiste']],
    ['name=alfreds futterkiste', []],
    ['nameSTARTSWITHAlfreds', ['Alfreds Futterkiste']],
    ['nameENDSWITHFutterkiste', ['Alfreds Futterkiste']],
    ['nameLIKEeds Fut', ['Alfreds Futterkiste']],
    ['numberINACCT0000001,ACCT0000003^ORDERBYnumber', ['Alfreds Futterkiste', 'Antonio Moreno Taquería']],
    ['number=ACCT0000001^ORnumber=ACCT0000003^ORDERBYDESCnumber', ['Antonio Moreno Taquería', 'Alfreds Futterkiste']],
    ['number=ACCT0000001^city=Nowhere^NQnumber=ACCT0000003', ['Antonio Moreno Taquería']],
    ['number=ACCT0000001^city=Berlin^ORcity=London', ['Alfreds Futterkiste']],
    ['number>=ACCT0000003^number<ACCT0000005^number!=ACCT0000004^EQ', ['Antonio Moreno Taquería']],
  ])('%s', async (query, names) => {
    expect(await crm.column('customer_account', query)).toEqual(names);
  });

  it('knows what is empty and what is not', async () => {
    const empty = await crm.countOf('customer_account', 'stateISEMPTY');
    expect(empty).toBeGreaterThan(0);
    expect(empty + (await crm.countOf('customer_account', 'stateISNOTEMPTY'))).toBe(total);
    expect(await crm.countOf('customer_account', 'state=')).toBe(empty);
  });

  it('compares numbers as numbers, and walks to what a row points to', async () => {
    const some = await crm.column('customer_account', 'num_employees>1000^num_employees<5000', 'num_employees');
    expect(some.length).toBeGreaterThan(0);
    expect(some.every((value) => Number(value) > 1_000)).toBe(true);
    expect(await crm.column('customer_contact', 'account.name=Alfreds Futterkiste^ORDERBYsys_created_on^user_name=contact.100001')).toEqual(
      ['Maria Anders'],
    );
  });

  it('reads a caret that was written twice as part of the value', async () => {
    await crm.table('customer_account', {}, { json: { name: 'Up^Down' } });
    const [row] = await crm.rows('customer_account', 'name=Up^^Down');
    expect(row).toMatchObject({ name: 'Up^Down' });
    await crm.send(`/api/now/table/customer_account/${String(row?.sys_id)}`, { method: 'DELETE' });
  });

  it('reads times as UTC, but those of gs.dateGenerate in the user’s time zone', async () => {
    expect(await crm.countOf('customer_account', 'sys_updated_on>=2025-01-15 08:00:00^sys_updated_on<2025-01-15 08:00:01')).toBe(42);
    const generated = (time: string) =>
      `sys_updated_on>=javascript:gs.dateGenerate('2025-01-15','${time}')^sys_updated_on<2025-01-15 08:00:01`;
    // Los Angeles is eight hours behind in January.
    expect(await crm.countOf('customer_account', generated('00:00:00'))).toBe(42);
    expect(await crm.countOf('customer_account', generated('08:00:00'))).toBe(0);
    await crm.set({ timeZone: 'UTC' });
    expect(await crm.countOf('customer_account', generated('08:00:00'))).toBe(42);
    await crm.set({ timeZone: 'America/Los_Angeles' });
  });
});

describe('a clause that makes no sense (c_TableAPI: glide.invalid_query.returns_no_rows)', () => {
  const senseless = [
    'sys_updated_at>=2026-01-01 00:00:00',
    'nameSOUNDSLIKEx',
    'sys_updated_on>=2026-01-01T00:00:00Z',
    'num_employees>many',
    'account.nothing=1',
    'nonsense',
  ];
  afterEach(() => crm.set({ returnsNoRowsForInvalidQuery: false }));

  it.each(senseless)('is dropped in silence, so that %s brings the whole table', async (query) => {
    const { status, headers } = await crm.table('customer_account', { query, limit: 1 });
    expect([status, headers.get('x-total-count')]).toEqual([200, String(total)]);
  });

  it('is also what a misspelled parameter is, since any other name stands for a column', async () => {
    const countOf = async (parameters: string) =>
      (await crm.send(`/api/now/table/customer_account?sysparm_limit=1&${parameters}`)).headers.get('x-total-count');
    expect(await countOf('name=Alfreds+Futterkiste')).toBe('1');
    expect(await countOf('symparm_query=name=Alfreds+Futterkiste')).toBe(String(total));
  });

  it('leaves the others in force', async () => {
    expect(await crm.column('customer_account', 'nothing=1^nameSTARTSWITHAlfreds')).toEqual(['Alfreds Futterkiste']);
    expect(await crm.column('customer_account', 'nameSTARTSWITHAlfreds^ORnothing=1')).toEqual(['Alfreds Futterkiste']);
    expect(await crm.countOf('customer_account', 'nameSTARTSWITHAlfreds^NQnothing=1')).toBe(total);
  });

  it.each(senseless)('finds nothing at all once an admin set the property: %s', async (query) => {
    await crm.set({ returnsNoRowsForInvalidQuery: true });
    expect(await crm.rows('customer_account', query)).toEqual([]);
    expect(await crm.column('customer_account', 'nameSTARTSWITHAlfreds')).toHaveLength(1);
    expect(await crm.rows('sys_properties', 'name=glide.invalid_query.returns_no_rows')).toEqual([
      expect.objectContaining({ value: 'true' }),
    ]);
  });
});
