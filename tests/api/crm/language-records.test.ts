import type { Manifest } from '../../../api/src/crm/manifest/schema/manifest.ts';
import { never, peopleManifest } from './support/people-crm.ts';
import { type Quirk, type Table, data, ids, inside, person, readQuirk } from './support/quirks.ts';

const account = { id: 'id', get: { path: '/companies/{{id}}' }, list: { path: '/companies' }, map: [{ to: 'name', from: 'name' }] };
const withAccount = (contact: Partial<Table>): Partial<Manifest> => ({
  tables: { account, contact: { ...peopleManifest(contact).tables.contact } as Table },
});

const quirks: readonly Quirk[] = [
  {
    name: 'a deleted record that is named otherwise than others (OData delta links)',
    table: { id: ['contactid', 'id'], deleted: 'reason != null' },
    answer: () => data({ contactid: 'c1', id: 7, updated: inside }, { contactid: '', id: 'c2', reason: 'deleted' }, { reason: 'deleted' }),
    gives: [
      { id: 'c1', isDeleted: false },
      { id: 'c2', isDeleted: true },
    ],
  },
  {
    name: 'records in an object by their ids',
    table: { records: { path: 'data', keyAs: 'id' } },
    answer: () => ({ body: { data: { 17: { updated: inside }, 18: { updated: inside } } } }),
    gives: ids('17', '18'),
  },
  {
    name: 'records inside of their accounts, with ids that are unique only together',
    table: { id: { join: ['company.id', 'number'] }, records: { path: 'data', children: 'contacts', parentAs: 'company' } },
    answer: () => data({ id: 5, contacts: [{ number: 1, updated: inside }] }, { id: 6, contacts: [{ number: 1, updated: inside }] }),
    gives: [{ id: '5-1', fields: { number: 1, updated: inside, company: { id: 5 } } }, { id: '6-1' }],
  },
  {
    name: 'one such record, asked for by the first part of its id',
    table: {
      id: { join: ['company.id', 'number'] },
      get: { path: '/companies/{{id | before("-")}}', records: { path: '$', children: 'contacts', parentAs: 'company' } },
    },
    answer: ({ path }) => ({ body: path === '/companies/5' ? { id: 5, contacts: [{ number: 1 }, { number: 2 }] } : {} }),
    read: async (reader) => [await reader.getOne('5-2', never)].filter((one) => one !== null),
    gives: ids('5-2'),
  },
  {
    name: 'numbers beyond 2^53, a modified date that is null until the first update, no zone, mail and phone in flagged lists',
    table: {
      modified: { path: ['updated', 'created'], timezone: 'Europe/Vienna' },
      map: [{ to: 'emailaddress1', first: ['emails[?primary == true].value', 'emails[0].value'] }],
    },
    answer: () => ({
      body: '{"data":[{"id":9007199254740993,"updated":null,"created":"2026-01-10 13:00:00","emails":[{"value":"a"},{"value":"b","primary":true}]}]}',
    }),
    gives: [{ id: '9007199254740993', modifiedOnMs: Date.UTC(2026, 0, 10, 12) }],
  },
  {
    name: 'Salesforce’s ids, written in 15 characters or 18',
    table: { id: { path: 'Id', normalise: 'salesforce18' } },
    answer: () => data({ Id: 'a0BA0000000L2ZC', updated: inside }, { Id: '00558000001N0KeAAK', updated: inside }),
    gives: ids('a0BA0000000L2ZCMA0', '00558000001N0KeAAK'),
  },
  {
    name: 'the parent by its business number',
    rest: withAccount({
      parent: {
        table: 'account',
        path: 'company_no',
        lookup: { path: '/companies', query: { no: '{{keys | join}}' }, records: 'found', key: 'no', id: 'id', max: 50 },
      },
    }),
    answer: ({ path, query }) =>
      path === '/companies'
        ? { body: { found: (query.get('no') ?? '').split(',').map((no) => ({ no, id: `C${no}` })) } }
        : data(person(1, { company_no: 'A' }), person(2, { company_no: 'B' }), person(3)),
    gives: [
      { id: '1', parentId: 'CA' },
      { id: '2', parentId: 'CB' },
      { id: '3', parentId: null },
    ],
  },
  {
    name: 'the parent by association, the primary one of several (HubSpot)',
    rest: withAccount({
      parent: {
        table: 'account',
        path: 'id',
        lookup: {
          method: 'POST',
          path: '/assoc',
          body: { inputs: '{{keys | objects("id")}}' },
          records: 'results',
          key: 'from.id',
          id: 'to[?associationTypes[*].typeId has 1].toObjectId',
          max: 2,
        },
        otherwise: 'hint',
      },
    }),
    answer: ({ path, body }) => {
      if (path !== '/assoc') return data(person(1), person(2, { hint: 99 }), person(3));
      const { inputs } = JSON.parse(body) as { inputs: readonly { id: number }[] };
      const of = (typeId: number, toObjectId: number) => ({ toObjectId, associationTypes: [{ typeId: 279 }, { typeId }] });
      return {
        body: {
          results: inputs.filter(({ id }) => id !== 2).map(({ id }) => ({ from: { id: String(id) }, to: [of(5, 1), of(1, 10 + id)] })),
        },
      };
    },
    gives: [
      { id: '1', parentId: '11' },
      { id: '2', parentId: '99' },
      { id: '3', parentId: '13' },
    ],
  },
];

describe('the language says what real CRMs need of records:', () => {
  it.each(quirks.map((quirk) => [quirk.name, quirk] as const))('%s', async (_name, quirk) => {
    const records = await readQuirk(quirk);
    expect(records).toHaveLength(quirk.gives.length);
    expect(records).toMatchObject(quirk.gives);
  });
});
