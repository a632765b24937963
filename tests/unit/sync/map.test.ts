import type { ColumnRule, JsonValue, SourceRecord } from '../../../api/src/crm/types.ts';
import type { ColumnDescription, TableDescription } from '../../../api/src/dataverse/types.ts';
import { compileMapping } from '../../../api/src/sync/map.ts';

const column = (logicalName: string, maxLength: number | null = 50, type = 'String'): [string, ColumnDescription] => [
  logicalName,
  { logicalName, type, maxLength, displayName: logicalName, isValidForCreate: true, isValidForUpdate: true },
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
  ]),
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
  compileMapping({ sourceId: 'northwind', table: 'contact', columns, description, targetTables: new Map(), reserved: new Map() });

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
});
