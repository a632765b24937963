import type { JsonValue, SourceRecord } from '../../../api/src/crm/types.ts';
import type { ColumnRule } from '../../../api/src/crm/value/types.ts';
import type { ColumnDescription, TableDescription } from '../../../api/src/dataverse/types.ts';
import { compileMapping } from '../../../api/src/sync/map.ts';

const column = (
  logicalName: string,
  maxLength: number | null = 50,
  type = 'String',
  more: Partial<ColumnDescription> = {},
): [string, ColumnDescription] => [
  logicalName,
  { logicalName, type, maxLength, displayName: logicalName, isValidForCreate: true, isValidForUpdate: true, ...more },
];

const description: TableDescription = {
  logicalName: 'contact',
  entitySetName: 'contacts',
  primaryIdColumn: 'contactid',
  supportsUpsertMultiple: true,
  columns: new Map([
    column('lastname'),
    column('telephone1'),
    column('address1_line1', 250),
    column('address1_line2', 250),
    column('address1_line3', 250),
    column('ccsync_sourcecrm'),
    column('familystatuscode', null, 'Picklist', { options: [{ value: 1, label: 'Single', labels: ['Single'] }] }),
    column('createdon', null, 'DateTime', { isValidForCreate: false, isValidForUpdate: false }),
    column('new_code', 10, 'String', { isRequired: true }),
    column('transactioncurrencyid', null, 'Lookup', {
      targets: [{ table: 'transactioncurrency', navigationProperty: 'transactioncurrencyid' }],
    }),
  ]),
};

const currency: TableDescription = {
  logicalName: 'transactioncurrency',
  entitySetName: 'transactioncurrencies',
  primaryIdColumn: 'transactioncurrencyid',
  supportsUpsertMultiple: false,
  columns: new Map([column('isocurrencycode', 5), column('exchangerate', null, 'Decimal')]),
};

const rule = (to: string | readonly string[], name: string, more: Partial<ColumnRule> = {}): ColumnRule => ({
  to: typeof to === 'string' ? [to] : to,
  read: (fields) => fields[name],
  whenTooLong: 'reject',
  whenNull: 'clear',
  ...more,
});

const record = (fields: Record<string, JsonValue>, more: Partial<SourceRecord> = {}): SourceRecord => ({
  id: '7',
  modifiedOnMs: 1,
  isDeleted: false,
  isSkipped: false,
  parentId: null,
  url: null,
  fields,
  ...more,
});

const compile = (columns: readonly ColumnRule[]) =>
  compileMapping({
    sourceId: 'northwind',
    table: 'contact',
    columns,
    description,
    targetTables: new Map([['transactioncurrency', currency]]),
    reserved: new Map([['ccsync_sourcecrm', 'every sync']]),
  });

describe('the mapping of a record', () => {
  it('clears what the CRM says is empty and leaves alone what it does not mention', () => {
    const map = compile([rule('lastname', 'name'), rule('telephone1', 'phone')]);
    expect(map(record({ name: 'Ört', phone: null }))).toMatchObject({ kind: 'row', columnsJson: '"lastname":"Ört","telephone1":null' });
    expect(map(record({ name: 'Ört' }))).toMatchObject({ columnsJson: '"lastname":"Ört"' });
  });

  it('keeps what is there when the mapping says that empty means keep', () => {
    expect(compile([rule('telephone1', 'phone', { whenNull: 'keep' })])(record({ phone: null }))).toMatchObject({ columnsJson: '' });
  });

  it('spreads a list over its columns and clears those that the list does not reach', () => {
    const map = compile([rule(['address1_line1', 'address1_line2', 'address1_line3'], 'street')]);
    expect(map(record({ street: ['a', 'b'] }))).toMatchObject({
      columnsJson: '"address1_line1":"a","address1_line2":"b","address1_line3":null',
    });
  });

  it('fails a record with a value that does not fit, by the rule’s name and never by the value', () => {
    const failed = compile([rule('lastname', 'name')])(record({ name: 'x'.repeat(51) }));
    expect(failed).toMatchObject({
      kind: 'failed',
      failure: {
        table: 'contact',
        recordId: '7',
        code: 'mapping.value_too_long',
        failureClass: 'data',
        reason: 'The value for lastname has 51 characters; 50 fit',
      },
    });
  });

  it('fails a record that breaks the mapping off, without its values, and maps the next one', () => {
    const read: ColumnRule['read'] = ({ name }) => {
      if (name === 'Huge') throw new RangeError('Maximum call stack size exceeded at “Huge”');
      return name;
    };
    const map = compile([rule('lastname', 'name', { read })]);
    expect(map(record({ name: 'Huge' }))).toMatchObject({
      kind: 'failed',
      failure: {
        recordId: '7',
        code: 'mapping.broke_off',
        reason: 'A value of this record is more than the mapping can take (RangeError)',
      },
    });
    expect(map(record({ name: 'Small' }))).toMatchObject({ kind: 'row', columnsJson: '"lastname":"Small"' });
  });

  it('has another hash when a column, the parent or the link is another, and the same when only the time is', () => {
    const map = compile([rule('lastname', 'name')]);
    const hashOf = (one: SourceRecord) => (map(one) as { contentHash: string }).contentHash;
    const first = hashOf(record({ name: 'a' }));
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(hashOf(record({ name: 'a' }, { modifiedOnMs: 2 }))).toBe(first);
    const others = [
      record({ name: 'b' }),
      record({ name: 'a' }, { parentId: 'p' }),
      record({ name: 'a' }, { url: 'https://crm.example/7' }),
    ];
    expect(new Set([first, ...others.map(hashOf)]).size).toBe(4);
  });

  it('passes tombstones on and filters what the manifest leaves out', () => {
    const map = compile([]);
    expect(map(record({}, { isDeleted: true })).kind).toBe('removed');
    expect(map(record({}, { isSkipped: true })).kind).toBe('filtered');
  });

  it('stops before any record is read when it names a column that Dataverse does not have', () => {
    expect(() => compile([rule('nickname', 'name')])).toThrow('names the column nickname');
  });

  it('leaves the column alone or empties it when a value does not fit and the mapping says so; too long stays too long', () => {
    const map = (whenInvalid: 'skip' | 'clear') =>
      compile([rule('familystatuscode', 'status', { whenInvalid }), rule('lastname', 'name', { whenInvalid })]);
    expect(map('skip')(record({ status: 'secret', name: 'a' }))).toMatchObject({ columnsJson: '"lastname":"a"' });
    expect(map('clear')(record({ status: 'secret', name: 'a' }))).toMatchObject({ columnsJson: '"familystatuscode":null,"lastname":"a"' });
    expect(map('skip')(record({ name: 'x'.repeat(51) }))).toMatchObject({ failure: { code: 'mapping.value_too_long' } });
  });

  it('fails a record whose empty field Dataverse would refuse, unless empty means keep', () => {
    expect(compile([rule('new_code', 'code')])(record({ code: null }))).toMatchObject({ failure: { code: 'mapping.value_required' } });
    expect(compile([rule('new_code', 'code', { whenNull: 'keep' })])(record({ code: null }))).toMatchObject({ columnsJson: '' });
  });

  it('tells what is to be looked up, and that is part of what makes a row another', () => {
    const map = compile([rule('transactioncurrencyid', 'currency', { lookup: { table: 'transactioncurrency', by: 'isocurrencycode' } })]);
    const lookupsOf = (one: SourceRecord) =>
      (map(one) as { lookups: readonly { value: string | null; lookup: { bind: string } }[] }).lookups.map(({ value, lookup }) => [
        lookup.bind,
        value,
      ]);
    expect(lookupsOf(record({ currency: ' EUR ' }))).toEqual([['transactioncurrencyid@odata.bind', 'EUR']]);
    expect(lookupsOf(record({ currency: null }))).toEqual([['transactioncurrencyid@odata.bind', null]]);
    expect(lookupsOf(record({}))).toEqual([]);
    const hashes = [record({ currency: 'EUR' }), record({ currency: 'USD' }), record({ currency: null }), record({})].map(
      (one) => (map(one) as { contentHash: string }).contentHash,
    );
    expect(new Set(hashes).size).toBe(4);
  });

  it('tells a record whose parent the CRM does not mention from one that has none', () => {
    const map = compile([]);
    const hashOf = (parentId: string | null | undefined) => (map(record({}, { parentId })) as { contentHash: string }).contentHash;
    expect(new Set([hashOf(null), hashOf(undefined), hashOf('p')]).size).toBe(3);
  });

  const unfit = (table: string, by: string | null = null) => rule('transactioncurrencyid', 'x', { lookup: { table, by } });
  it.each<[string, ColumnRule, string]>([
    ['a lookup without its rule', rule('transactioncurrencyid', 'x'), 'it is of type Lookup, which a mapping does not fill'],
    [
      'a table that the lookup does not point to',
      unfit('systemuser', 'fullname'),
      'it does not point to systemuser; it points to transactioncurrency',
    ],
    ['a column that the other table does not have', unfit('transactioncurrency', 'iso'), 'transactioncurrency has no column iso'],
    ['a number to look for', unfit('transactioncurrency', 'exchangerate'), 'exchangerate of transactioncurrency is no text column'],
    ['a table that has no records of this CRM', unfit('transactioncurrency'), 'transactioncurrency has no column ccsync_sourcekey'],
    ['a choice that there is not', rule('familystatuscode', 'x', { choices: { gold: 'Golden' } }), 'no such option'],
    ['a column that every sync fills', rule('ccsync_sourcecrm', 'x'), 'every sync fills it'],
    ['a column that nobody may write', rule('createdon', 'x'), 'Dataverse fills it itself and drops what others write'],
  ])('stops before any record is read when it names %s', (_what, wrong, problem) => {
    expect(() => compile([wrong])).toThrow(problem);
    expect(() => compile([wrong])).toThrow('The mapping of northwind for contact cannot fill the column');
  });
});
