import { compileColumnRules } from '../../../api/src/crm/value/column-rules.ts';
import type { MappingBody } from '../../../api/src/crm/manifest/schema/table.ts';
import type { JsonObject } from '../../../api/src/crm/types.ts';
import { standardTable } from '../../../api/src/dataverse/standard-columns.ts';
import { compileExplainer } from '../../../api/src/sync/explain-record.ts';

const explain = (map: readonly MappingBody[], fields: JsonObject, isComplete = false) => {
  const context = {
    sourceId: 'crm',
    table: 'contact',
    columns: compileColumnRules(map),
    description: standardTable('contact'),
    targetTables: new Map(),
    reserved: new Map(),
  } as const;
  return compileExplainer(context, { isComplete })({
    id: '1',
    modifiedOnMs: null,
    isDeleted: false,
    isSkipped: false,
    parentId: null,
    url: null,
    fields,
  });
};

describe('what becomes of a record is told rule by rule', () => {
  const long = 'x'.repeat(120);
  it.each<readonly [string, MappingBody, JsonObject, object]>([
    ['fits', { to: 'lastname', from: 'n' }, { n: 'Anders' }, { verdict: 'fits', row: { lastname: 'Anders' } }],
    [
      'is cut',
      { to: 'jobtitle', from: 'n', tooLong: 'truncate' },
      { n: long },
      { verdict: 'cut', problem: 'jobtitle: 120 characters, 100 fit' },
    ],
    [
      'is refused',
      { to: 'jobtitle', from: 'n' },
      { n: long },
      { verdict: 'refused', problem: expect.stringContaining('120 characters; 100 fit') },
    ],
    ['is left alone', { to: 'jobtitle', from: 'n', tooLong: 'skip' }, { n: long }, { verdict: 'leftAlone' }],
    ['is not sent', { to: 'jobtitle', from: 'n' }, {}, { verdict: 'unsaid' }],
    ['is empty', { to: 'jobtitle', from: 'n' }, { n: '' }, { verdict: 'empty', row: { jobtitle: null } }],
    ['is no date', { to: 'birthdate', from: 'n' }, { n: 'in May' }, { verdict: 'refused' }],
    ['goes to a column that only Dataverse knows', { to: 'new_colour', from: 'n' }, { n: 'red' }, { verdict: 'unchecked', value: 'red' }],
  ])('one %s', (_what, rule, fields, told) => {
    expect(explain([rule], fields).rules[0]).toMatchObject(told);
  });

  it('and one that fails hides no other', () => {
    const { outcome, rules } = explain(
      [
        { to: 'jobtitle', from: 'a' },
        { to: 'firstname', from: 'a' },
        { to: 'lastname', from: 'b' },
      ],
      { a: long, b: 'B' },
    );
    expect([outcome, rules.map(({ verdict }) => verdict)]).toEqual(['failed', ['refused', 'refused', 'fits']]);
  });

  it('and a column that the environment does not have is told with what to do', () => {
    const { outcome, rules } = explain([{ to: 'new_colour', from: 'n' }], { n: 'red' }, true);
    expect([outcome, rules[0]?.verdict]).toEqual(['failed', 'unfit']);
    expect(rules[0]?.problem).toContain('which Dataverse does not have. Correct the mapping, or add the column.');
  });
});
