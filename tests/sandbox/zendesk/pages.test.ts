import { type OpenZendesk, openZendesk } from './zendesk.ts';

let crm: OpenZendesk;
beforeEach(async () => {
  crm = await openZendesk({ contacts: 40, apiUrl: 'http://127.0.0.1:4500' });
});
afterEach(() => crm.close());

const post = (path: string, fields: Readonly<Record<string, string>>) =>
  fetch(`${crm.url}${path}`, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });

describe('Zendesk’s pages for people', () => {
  it('stand where Zendesk has them, and change a user’s own and custom fields', async () => {
    const [id] = await crm.endUserIds(1);
    expect((await crm.get('/?q=citeaux')).text).toContain('Frédérique Citeaux');
    expect((await crm.get(`/agent/users/${id}`)).text).toContain('Alfreds Futterkiste');
    await post(`/agent/users/${id}`, { name: 'Maria Neu', city: 'Bonn' });
    expect((await crm.get<{ user: object }>(`/api/v2/users/${id}`)).body.user).toMatchObject({
      name: 'Maria Neu',
      phone: '030-0074321',
      user_fields: { city: 'Bonn', country: 'Germany' },
    });
  });

  it('show a deleted user no more, since nobody can bring it back', async () => {
    const [id] = await crm.endUserIds(1);
    expect((await post(`/agent/users/${id}/delete`, {})).headers.get('location')).toBe('/');
    expect((await crm.get(`/agent/users/${id}`)).status).toBe(404);
  });

  it('change and delete an organization', async () => {
    const { organizations } = (await crm.get<{ organizations: { id: number }[] }>('/api/v2/organizations?page[size]=1')).body;
    const path = `/agent/organizations/${organizations[0]?.id}`;
    await post(path, { name: 'Alfred’s', website: 'https://alfreds.example' });
    expect((await crm.get(`/api/v2/organizations/${organizations[0]?.id}`)).body.organization).toMatchObject({
      name: 'Alfred’s',
      organization_fields: { website: 'https://alfreds.example' },
    });
    expect((await post(path, { name: ' ' })).headers.get('location')).toContain('outcome=incomplete');
    await post(`${path}/delete`, {});
    expect((await crm.get(`/api/v2/organizations/${organizations[0]?.id}`)).status).toBe(404);
  });
});
