import type { Answer } from '../../../../api/src/crm/kit/propose/answer.ts';
import { flatFields } from '../../../../api/src/crm/kit/propose/flat-fields.ts';
import { proposeDeleted, proposeParent } from '../../../../api/src/crm/kit/propose/propose-links.ts';
import { proposeRecordPath } from '../../../../api/src/crm/kit/propose/propose-records.ts';
import { proposeTable } from '../../../../api/src/crm/kit/propose/propose.ts';
import type { JsonObject, JsonValue } from '../../../../api/src/crm/types.ts';

const people: readonly JsonObject[] = [
  { id: 1, name: 'Ann A', updated_at: '2026-01-02T03:04:05Z' },
  { id: 2, name: 'Ben B', updated_at: '2026-01-02T03:04:06Z' },
];
const propose = (body: JsonValue, headers: Answer['headers'] = {}) => proposeTable('contact', { body, headers });

describe('from the answer to a list it is proposed where the records are', () => {
  it.each<readonly [string, JsonValue, unknown]>([
    ['the answer itself', people, '$'],
    ['data', { data: people, total: 2 }, 'data'],
    ['Salesforce', { totalSize: 2, done: true, records: people }, 'records'],
    ['OData', { '@odata.context': 'x', value: people }, 'value'],
    ['two levels down', { response: { result: people } }, 'response.result'],
    ['HAL', { _links: { self: { href: '/people' } }, _embedded: { people } }, '_embedded.people'],
    ['odd names', { 'the list': people }, '["the list"]'],
    ['beside a list of something else', { warnings: ['slow'], meta: { fields: [{ name: 'id' }] }, contacts: people }, 'contacts'],
    ['members of an object', { a1: { name: 'Ann', phone: '1' }, b2: { name: 'Ben', phone: '2' } }, { path: '$', keyAs: 'id' }],
    [
      'members of an object inside',
      { contacts: { a1: { name: 'Ann', phone: '1' }, b2: { name: 'Ben', phone: '2' } } },
      { path: 'contacts', keyAs: 'id' },
    ],
    ['an empty list', { data: [], total: 0 }, 'data'],
    ['and not in lists inside of records', { items: [{ id: 1, tags: [{ a: 1 }, { a: 2 }, { a: 3 }] }] }, 'items'],
  ])('%s', (_what, body, records) => {
    expect(propose(body).records).toEqual(records);
  });

  it('and told when nothing looks like records', () => {
    expect(propose({ error: 'no' }).notes).toContain('no list of records was found in the answer');
  });
});

describe('what tells records apart', () => {
  it.each<readonly [string, readonly JsonObject[], string | null]>([
    ['id', people, 'id'],
    [
      'Id',
      [
        { Id: '003A', Name: 'x' },
        { Id: '003B', Name: 'x' },
      ],
      'Id',
    ],
    [
      'sys_id',
      [
        { sys_id: 'aa', number: '1' },
        { sys_id: 'ab', number: '2' },
      ],
      'sys_id',
    ],
    [
      'contactid before a number',
      [
        { contactid: 'g1', number: '7' },
        { contactid: 'g2', number: '8' },
      ],
      'contactid',
    ],
    [
      'inside',
      [
        { attributes: { id: 'x' }, name: 'A' },
        { attributes: { id: 'y' }, name: 'B' },
      ],
      'attributes.id',
    ],
    [
      'not what is the same twice',
      [
        { id: 1, uuid: 'a' },
        { id: 1, uuid: 'b' },
      ],
      'uuid',
    ],
    ['not a name', [{ name: 'A' }, { name: 'B' }], null],
  ])('%s', (_what, body, id) => {
    expect(propose(body).id).toBe(id);
  });
});

describe('when a record was changed', () => {
  const at = (fields: readonly JsonObject[]) => propose(fields.map((field, id) => ({ id, ...field }))).modified?.modified ?? null;
  it.each<readonly [string, readonly JsonObject[], unknown]>([
    ['iso with a zone', [{ updatedAt: '2026-01-02T03:04:05+01:00' }], 'updatedAt'],
    ['iso without one', [{ updatedAt: '2026-01-02T03:04:05' }], { path: 'updatedAt', timezone: 'UTC' }],
    ['seconds', [{ modified: 1_767_000_000 }], { path: 'modified', format: 'epochSeconds' }],
    ['milliseconds as text', [{ lastModified: '1767000000000' }], { path: 'lastModified', format: 'epochMs' }],
    ['OData v2', [{ ModifiedOn: '/Date(1767000000000)/' }], { path: 'ModifiedOn', format: 'jsonDate' }],
    ['ServiceNow’s', [{ sys_updated_on: '2026-01-02 03:04:05' }], { path: 'sys_updated_on', timezone: 'UTC' }],
    ['with days before months', [{ changed: '31.12.2025 23:59' }], { path: 'changed', format: 'dd.MM.yyyy HH:mm', timezone: 'UTC' }],
    ['none until the first change', [{ updated_at: null, created_at: '2026-01-02T03:04:05Z' }], ['updated_at', 'created_at']],
    ['not who changed it', [{ updated_by: '2026', created_at: '2026-01-02T03:04:05Z' }], 'created_at'],
    ['not a number that is no time', [{ updated: 3 }], null],
  ])('%s', (_what, fields, modified) => {
    expect(at(fields)).toEqual(modified);
  });
});

describe('how the list goes on', () => {
  it.each<readonly [string, JsonObject, Answer['headers'], unknown]>([
    ['a Link header', { data: people }, { link: '<https://crm/p?page=2>; rel="next"' }, { kind: 'linkHeader' }],
    ['an address in links', { data: people, links: { next: 'https://crm/p?page=2' } }, {}, { kind: 'nextLink', from: 'links.next' }],
    [
      'OData’s address',
      { value: people, '@odata.nextLink': 'https://crm/p?$skiptoken=2' },
      {},
      { kind: 'nextLink', from: '["@odata.nextLink"]' },
    ],
    ['Salesforce’s address', { records: people, nextRecordsUrl: '/q/01g-200' }, {}, { kind: 'nextLink', from: 'nextRecordsUrl' }],
    [
      'HubSpot’s cursor',
      { results: people, paging: { next: { after: '20' } } },
      {},
      { kind: 'cursor', param: 'after', from: 'paging.next.after' },
    ],
    ['next_cursor', { data: people, meta: { next_cursor: 'abc' } }, {}, { kind: 'cursor', param: 'cursor', from: 'meta.next_cursor' }],
    ['nextPageToken', { items: people, nextPageToken: 'abc' }, {}, { kind: 'cursor', param: 'pageToken', from: 'nextPageToken' }],
    [
      'numbers with their count',
      { data: people, page: 1, per_page: 2, total_pages: 9 },
      {},
      { kind: 'page', param: 'page', sizeParam: 'per_page', size: 2, end: { totalPages: 'total_pages' } },
    ],
    [
      'numbers from 0',
      { data: people, page: 0, totalPages: 9 },
      {},
      { kind: 'page', param: 'page', start: 0, end: { totalPages: 'totalPages' } },
    ],
    [
      'offsets',
      { data: people, offset: 0, limit: 2, total: 7 },
      {},
      { kind: 'offset', param: 'offset', sizeParam: 'limit', size: 2, end: { total: 'total' } },
    ],
    ['has_more', { data: people, has_more: true }, {}, { kind: 'page', param: 'page', end: { when: 'has_more == false' } }],
    ['only a total that is larger', { data: people }, { 'x-total-count': '91' }, { kind: 'page', param: 'page' }],
    ['a total that is all', { data: people, total: 2 }, {}, { kind: 'none' }],
  ])('%s', (_what, body, headers, page) => {
    expect(propose(body, headers).paging.page).toEqual(page);
  });

  it('and what is a guess is said to be one', () => {
    expect(propose({ data: people, meta: { next_cursor: 'abc' } }).notes).toContain(
      'the parameter “cursor” is a guess from the answer’s “meta.next_cursor”',
    );
    const full = Array.from({ length: 25 }, (_, id) => ({ id }));
    expect(propose({ data: full }).notes.join()).toContain('25 records came and nothing says whether there are more');
  });
});

describe('what goes into which column', () => {
  const rules = (record: JsonObject) => propose([{ id: 1, ...record }]).map;
  it.each<readonly [string, JsonObject, readonly unknown[]]>([
    [
      'one name',
      { full_name: 'A B' },
      [
        { to: 'firstname', from: 'full_name', via: ['firstName'] },
        { to: 'lastname', from: 'full_name', via: ['lastName'] },
      ],
    ],
    [
      'two names',
      { FirstName: 'A', LastName: 'B', Name: 'A B' },
      [
        { to: 'firstname', from: 'FirstName' },
        { to: 'lastname', from: 'LastName' },
      ],
    ],
    ['names inside', { properties: { lastname: 'B' } }, [{ to: 'lastname', from: 'properties.lastname' }]],
    ['a mail', { Email: 'a@b.c' }, [{ to: 'emailaddress1', from: 'Email', via: ['trim', 'lower'] }]],
    ['mails as texts', { emails: ['a@b.c'] }, [{ to: 'emailaddress1', from: 'emails[0]', via: ['trim', 'lower'] }]],
    [
      'mails with a main one',
      { emails: [{ value: 'a@b.c', primary: false }] },
      [{ to: 'emailaddress1', first: ['emails[?primary == true].value', 'emails[0].value'], via: ['trim', 'lower'] }],
    ],
    [
      'phones with kinds',
      {
        phones: [
          { type: 'work', number: '1' },
          { type: 'Mobile', number: '2' },
        ],
      },
      [
        { to: 'telephone1', from: 'phones[0].number' },
        { to: 'mobilephone', from: 'phones[?type == "Mobile"].number' },
      ],
    ],
    [
      'an address inside',
      { address: { street: 'S 1', city: 'C', zip: '1' } },
      [
        { to: 'address1_line1', from: 'address.street', tooLong: 'truncate' },
        { to: 'address1_city', from: 'address.city' },
        { to: 'address1_postalcode', from: 'address.zip' },
      ],
    ],
    ['a birthday that is one', { birthday: '1970-01-31' }, [{ to: 'birthdate', from: 'birthday' }]],
    ['and none that is not', { birthday: 'in May' }, []],
  ])('%s', (_what, record, map) => {
    expect(rules(record)).toEqual(map);
  });

  it('an account has its name, even when it is called a title', () => {
    const body = [{ id: 1, title: 'ACME', employees: 4, domain: 'acme.example' }];
    expect(proposeTable('account', { body, headers: {} }).map).toEqual([
      { to: 'name', from: 'title', tooLong: 'truncate' },
      { to: 'websiteurl', from: 'domain', via: ['ensureScheme'] },
      { to: 'numberofemployees', from: 'employees', via: ['int'] },
    ]);
  });
});

describe('the account of a contact', () => {
  const accounts = flatFields([
    { id: 'a1', number: 'K1' },
    { id: 'a2', number: 'K2' },
  ]);
  const parent = (records: readonly JsonObject[], known = accounts) => proposeParent(flatFields(records), known, 'id');
  it.each<readonly [string, readonly JsonObject[], unknown]>([
    ['is found by its id', [{ company_id: 'a2' }], { path: 'company_id', key: null }],
    ['inside', [{ company: { id: 'a2' } }], { path: 'company.id', key: null }],
    ['by a number, seen from what the accounts hold', [{ company_id: 'K2' }], { path: 'company_id', key: 'number' }],
    ['with most of them on another page', [{ org: 'a1' }, { org: 'a7' }, { org: 'a8' }], { path: 'org', key: null }],
    ['by its name alone, when nothing fits', [{ account_no: '99' }], { path: 'account_no', key: 'no' }],
    ['or not at all', [{ colour: 'a1' }], null],
  ])('%s', (_what, records, proposed) => {
    expect(parent(records)).toEqual(proposed);
  });

  it.each<readonly [string, JsonObject, string | null]>([
    ['a flag', { is_deleted: false }, 'is_deleted == true'],
    ['a time', { deleted_at: null }, 'deleted_at != null'],
    ['something else', { archived: 'by Ann' }, null],
  ])('and that a record was deleted is told by %s', (_what, record, deleted) => {
    expect(proposeDeleted(flatFields([record]))).toBe(deleted);
  });

  it.each<readonly [JsonValue, string | null]>([
    [{ id: 1 }, '$'],
    [{ data: { id: 1 } }, 'data'],
    [{ results: [{ id: 1 }] }, 'results[0]'],
    [[{ id: 1 }], '$[0]'],
    [{ id: 2 }, null],
  ])('one record of %j is at %s', (body, path) => {
    expect(proposeRecordPath(body, ({ id }) => id === 1)).toBe(path);
  });
});
