import fc from 'fast-check';
import type { TableDescription } from '../../../api/src/dataverse/types.ts';
import { upsertMultipleBody } from '../../../api/src/dataverse/write/upsert-multiple.ts';

const contacts: TableDescription = {
  logicalName: 'contact',
  entitySetName: 'contacts',
  primaryIdColumn: 'contactid',
  columns: new Map(),
  supportsUpsertMultiple: true,
};

const row = (sourceKey: string, columns: Readonly<Record<string, unknown>>) => ({
  sourceKey,
  columnsJson: JSON.stringify(columns).slice(1, -1),
});
const columns = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.constant(null)), {
  noNullPrototype: true,
});

describe('the body of UpsertMultiple', () => {
  it('reads back as the rows that went in, whatever the values hold', () => {
    fc.assert(
      fc.property(fc.array(columns, { maxLength: 20 }), (rows) => {
        const body = upsertMultipleBody(
          contacts,
          rows.map((values, index) => row(`crm~${index}`, values)),
        );
        expect(JSON.parse(body.toString('utf8'))).toEqual({
          Targets: rows.map((values, index) => ({
            '@odata.type': 'Microsoft.Dynamics.CRM.contact',
            '@odata.id': `contacts(ccsync_sourcekey='crm~${index}')`,
            ...(JSON.parse(JSON.stringify(values)) as object),
          })),
        });
      }),
    );
  });

  it('is not spoilt by a body before it that could not be finished, nor by one after it', () => {
    const whole = upsertMultipleBody(contacts, [row('crm~1', { lastname: 'Doe' })]);
    const text = whole.toString('utf8');
    expect(() => upsertMultipleBody(contacts, [row('crm~2', { lastname: 'Roe' }), row('bad\ud800', {})])).toThrow();
    expect(upsertMultipleBody(contacts, [row('crm~1', { lastname: 'Doe' })]).toString('utf8')).toBe(text);
    upsertMultipleBody(contacts, [row('crm~3', { lastname: 'x'.repeat(500_000) })]);
    expect(whole.toString('utf8')).toBe(text);
  });
});
