import { type OpenHubSpot, openHubSpot } from './hubspot.ts';

let crm: OpenHubSpot;
beforeEach(async () => {
  crm = await openHubSpot({ contacts: 40, apiUrl: 'http://127.0.0.1:4500' });
});
afterEach(() => crm.close());

const record = '/contacts/62515/record/0-1/151';
const post = (path: string, fields: Readonly<Record<string, string>>) =>
  fetch(`${crm.url}${path}`, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });

describe('HubSpot’s pages for people', () => {
  it('stand where app.hubspot.com has them, so that a deep link shows the record', async () => {
    expect((await crm.get('/?q=citeaux')).text).toContain('Frédérique Citeaux');
    const { text } = await crm.get(record);
    expect(text).toContain('<bdi>Maria Anders</bdi>');
    expect(text).toContain('Alfreds Futterkiste');
  });

  it('change, archive and restore a record', async () => {
    expect((await post(record, { phone: '+49 30 123' })).status).toBe(303);
    expect((await crm.record('/crm/v3/objects/contacts/151?properties=phone,city')).properties).toMatchObject({
      phone: '+49 30 123',
      city: 'Berlin',
    });
    await post(`${record}/delete`, {});
    expect((await crm.get('/crm/v3/objects/contacts/151')).status).toBe(404);
    expect((await crm.get(record)).text).toContain('This record was deleted');
    await post(`${record}/restore`, {});
    expect((await crm.get('/crm/v3/objects/contacts/151')).status).toBe(200);
  });
});
