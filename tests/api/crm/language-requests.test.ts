import { never } from './support/people-crm.ts';
import { type Quirk, data, ids, person, readQuirk } from './support/quirks.ts';

const quirks: readonly Quirk[] = [
  {
    name: 'XML answers and an XML question, with a single record that is no list',
    table: {
      id: '@id',
      records: 'Envelope.people.person',
      list: { method: 'POST', path: '/soap', encoding: 'xml', body: '<q><from>{{page.at}}</from></q>' },
      page: { kind: 'cursor', from: 'Envelope.people.next' },
    },
    answer: ({ body, headers }) => ({
      headers: { 'content-type': 'text/xml' },
      body: `<s:Envelope xmlns:s="x"><people>${headers['content-type']?.startsWith('text/xml') === true && body === '<q><from></from></q>' ? '<person id="007"><updated>2026-01-10</updated><name>A &amp; B</name></person><next>n</next>' : '<next/>'}</people></s:Envelope>`,
    }),
    gives: [{ id: '007', fields: { '@id': '007', updated: '2026-01-10', name: 'A & B' } }],
  },
  {
    name: 'a form as the body of a search',
    table: { list: { method: 'POST', path: '/search', encoding: 'form', body: { type: 'a b', limit: 5 } } },
    answer: ({ body }) => data(...(body === 'type=a%20b&limit=5' ? [person(1)] : [])),
    gives: ids('1'),
  },
  {
    name: 'only the fields that the table uses, and what tables have in common said once',
    table: {
      entity: 'contacts',
      fields: { below: 'properties', always: ['hs_id'] },
      modified: 'properties.changed',
      map: [{ to: 'lastname', from: 'properties.name' }],
    },
    rest: { defaults: { list: { path: '/objects/{{entity}}', query: { properties: '{{fields | join}}' } } } },
    answer: ({ path, query }) =>
      data(...(path === '/objects/contacts' && query.get('properties') === 'hs_id,changed,name' ? [{ id: 1 }] : [])),
    gives: ids('1'),
  },
  {
    name: 'SOQL with a literal, and the next page at an address below the host (Salesforce)',
    table: {
      get: { path: '/query', query: { q: "SELECT Id FROM Contact WHERE Id = '{{id}}'" }, escape: 'soql', record: 'records[0]' },
    },
    answer: ({ query }) => ({
      body: { records: query.get('q') === "SELECT Id FROM Contact WHERE Id = 'a\\' OR Name != \\''" ? [{ id: "a' OR Name != '" }] : [] },
    }),
    read: async (reader) => [await reader.getOne("a' OR Name != '", never)].filter((one) => one !== null),
    gives: ids("a' OR Name != '"),
  },
];

describe('the language says what real CRMs need to be asked:', () => {
  it.each(quirks.map((quirk) => [quirk.name, quirk] as const))('%s', async (_name, quirk) => {
    const records = await readQuirk(quirk);
    expect(records).toHaveLength(quirk.gives.length);
    expect(records).toMatchObject(quirk.gives);
  });
});
