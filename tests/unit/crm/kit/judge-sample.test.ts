import { fieldsMissing } from '../../../../api/src/crm/kit/fields-missing.ts';
import { fieldsSeenIn } from '../../../../api/src/crm/kit/fields-seen.ts';
import { judgeSample, type TableSample } from '../../../../api/src/crm/kit/judge-sample.ts';
import type { ReadyTable } from '../../../../api/src/crm/manifest/schema/table.ts';
import type { SourceRecord } from '../../../../api/src/crm/types.ts';

const table: ReadyTable = {
  id: 'id',
  modified: 'updated',
  link: 'https://crm.example/{{id}}',
  list: { path: '/people' },
  parent: { path: 'company_id', table: 'account' },
  map: [{ to: 'lastname', from: 'last_name' }],
};
const record = (more: Partial<SourceRecord> = {}): SourceRecord => ({
  id: '1',
  modifiedOnMs: 1_767_000_000_000,
  isDeleted: false,
  isSkipped: false,
  parentId: 'a1',
  url: 'https://crm.example/1',
  fields: { id: 1, updated: 'x', company_id: 'a1', last_name: 'Anders' },
  ...more,
});
const judge = (records: readonly SourceRecord[], more: Partial<TableSample> = {}) => {
  const asked = records[0] ?? null;
  const findings = judgeSample({ table, page: { records, unreadable: [], next: null }, asked, again: asked, schema: null, ...more });
  return findings.filter(({ level }) => level !== 'ok').map(({ level, what, text }) => `${level} ${what}: ${text}`);
};

describe('the first look at a table', () => {
  it('has nothing to say against a sound one, and never shows what a field holds', () => {
    expect(judge([record()])).toEqual([]);
    const said = judgeSample({
      table,
      page: { records: [record()], unreadable: [], next: null },
      asked: record(),
      again: record(),
      schema: null,
    });
    expect(JSON.stringify(said)).not.toContain('Anders');
  });

  it.each<readonly [string, () => readonly string[], string]>([
    ['one id twice', () => judge([record(), record()]), 'problem id: two records of the page have the same id'],
    ['no times at all', () => judge([record({ modifiedOnMs: null })]), 'problem modified: 1 of 1 records have no time'],
    [
      'times that are sometimes missing',
      () => judge([record(), record({ id: '2', modifiedOnMs: null })]),
      'note modified: 2025-12-29T09:20:00.000Z; 1 of 2 records have no time',
    ],
    [
      'no parent anywhere',
      () => judge([record({ fields: { id: 1 }, parentId: null })]),
      'problem parent: no record of the page has one at “company_id”',
    ],
    ['parents that are not found', () => judge([record({ parentId: null })]), 'problem parent: of 1 records that name one'],
    ['a link to somewhere else', () => judge([record({ url: null })]), 'problem link: it cannot be made'],
    ['a record that is not there by its id', () => judge([record()], { again: null }), 'problem get: the list has 1'],
    [
      'another parent by its id',
      () => judge([record()], { again: record({ parentId: null }) }),
      'problem get: read by its id the record has another parent',
    ],
    [
      'a field that no record has',
      () => judge([record({ fields: { id: 1, updated: 'x', company_id: 'a1', lastName: 'Anders' } })]),
      'note mapping: “last_name” (for lastname) is in none of the 1 records that were read (did you mean “lastName”?)',
    ],
    [
      'a field that the CRM says it does not have',
      () =>
        judge([record()], {
          schema: { fields: ['id', 'updated', 'company_id', 'last_nam'].map((name) => ({ name, label: null, type: null })), below: [] },
        }),
      'problem mapping: “last_name” (for lastname) does not exist in this CRM (did you mean “last_nam”?)',
    ],
  ])('tells of %s', (_what, said, text) => {
    expect(said().join('\n')).toContain(text);
  });

  it('says so when there is no record to look at', () => {
    expect(judge([])).toEqual(['note records: the list is empty: nothing more can be said']);
  });
});

describe('the fields of records', () => {
  it('are named as paths name them, through lists, with what was seen in them', () => {
    expect(fieldsSeenIn([{ id: 1, mails: [{ value: 'a' }], address: { city: null } }, { id: 'x' }])).toEqual([
      { name: 'id', label: null, type: 'number or text' },
      { name: 'mails', label: null, type: 'list' },
      { name: 'mails.value', label: null, type: 'text' },
      { name: 'address', label: null, type: 'object' },
      { name: 'address.city', label: null, type: null },
    ]);
  });

  it('below one that was empty everywhere may be there, and are not called missing', () => {
    const fields = fieldsSeenIn([{ id: 1, updated: 1, company_id: 1, address: null }]);
    const missing = fieldsMissing({ ...table, map: [{ to: 'address1_city', from: 'address.city' }] }, { fields, below: [] });
    expect(missing).toEqual([]);
  });
});
