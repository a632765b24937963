import type { SourceConnector } from '../../../../api/src/crm/types.ts';
import { never } from '../../crm/support/people-crm.ts';
import { rowOf } from '../support/shape-server.ts';
import { type StartedZendesk, startZendesk } from './open-zendesk.ts';

let crm: StartedZendesk;
let connector: SourceConnector;
beforeAll(async () => {
  crm = await startZendesk();
  connector = await crm.connect();
});
afterAll(() => crm.close());

const organization = {
  name: ' Obere Mühle ',
  domain_names: ['obere-muehle.example', 'om.example'],
  external_id: 'ERP-4711',
  details: 'Opens at nine',
  notes: 'Pays late',
  organization_fields: {
    phone: ' +49 30 1234 ',
    fax: null,
    website: null,
    employees: 42,
    street: 'Mühlweg 3\nHinterhaus',
    city: 'Berlin',
    region: null,
    postal_code: '10115',
    country: 'DE',
  },
};
const user = {
  name: 'Ludwig van Beethoven',
  email: 'Ludwig@Obere-Muehle.example',
  phone: '+49 30 1235',
  external_id: 'P-1',
  details: '',
  notes: 'Prefers e-mail',
  user_fields: { job_title: 'Composer', mobile_phone: null, street: 'Mühlweg 3', city: 'Berlin', country: 'Germany' },
};

describe('what becomes of', () => {
  let organizationId = '';
  beforeAll(async () => {
    const made = await crm.ask<{ organization: { id: number } }>('POST', '/api/v2/organizations', { organization });
    organizationId = String(made.body.organization.id);
  });

  it('an organization', async () => {
    const record = await connector.table('account').getOne(organizationId, never);
    expect(record).toMatchObject({ parentId: null, url: `${crm.url}/agent/organizations/${organizationId}` });
    expect(rowOf(connector, 'account', record)).toEqual({
      name: 'Obere Mühle',
      accountnumber: 'ERP-4711',
      websiteurl: 'https://obere-muehle.example',
      description: 'Opens at nine',
      telephone1: '+49 30 1234',
      fax: null,
      numberofemployees: 42,
      'address1_line1,address1_line2,address1_line3': ['Mühlweg 3', 'Hinterhaus', null],
      address1_city: 'Berlin',
      address1_stateorprovince: null,
      address1_postalcode: '10115',
      address1_country: 'Germany',
    });
  });

  it('an end user', async () => {
    const made = await crm.ask<{ user: { id: number } }>('POST', '/api/v2/users', { user: { ...user, organization_id: organizationId } });
    const record = await connector.table('contact').getOne(String(made.body.user.id), never);
    expect(record).toMatchObject({
      parentId: organizationId,
      url: `${crm.url}/agent/users/${made.body.user.id}`,
      isSkipped: false,
      modifiedOnMs: crm.nowMs(),
    });
    expect(rowOf(connector, 'contact', record)).toEqual({
      firstname: 'Ludwig',
      lastname: 'van Beethoven',
      emailaddress1: 'ludwig@obere-muehle.example',
      telephone1: '+49 30 1235',
      mobilephone: '+49 30 1235',
      externaluseridentifier: 'P-1',
      description: 'Prefers e-mail',
      jobtitle: 'Composer',
      'address1_line1,address1_line2,address1_line3': ['Mühlweg 3', null, null],
      address1_city: 'Berlin',
      address1_stateorprovince: null,
      address1_postalcode: null,
      address1_country: 'Germany',
    });
  });

  it('columns whose custom fields an account does not have: nothing, they are left alone', () => {
    const bare = { id: 1, name: 'Cher', email: null, phone: null, external_id: null, user_fields: {} };
    const row = rowOf(connector, 'contact', { fields: bare });
    expect(row).toMatchObject({ firstname: null, lastname: 'Cher', emailaddress1: null, telephone1: null, mobilephone: null });
    expect([row.jobtitle, row['address1_line1,address1_line2,address1_line3'], row.address1_country, row.description]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('a website that is no web address: the record fails with the column’s name', () => {
    const column = connector.table('account').columns.find(({ to }) => to[0] === 'websiteurl');
    const fields = { organization_fields: { website: 'javascript:alert(1)' }, domain_names: [] };
    expect(() => column?.read(fields)).toThrow(expect.objectContaining({ code: 'mapping.value_refused' }));
  });
});
