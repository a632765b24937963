import { type OpenNorthwind, openNorthwind } from './northwind.ts';

let crm: OpenNorthwind;
beforeEach(async () => {
  crm = await openNorthwind({ contacts: 40, apiUrl: 'http://127.0.0.1:4500' });
});
afterEach(() => crm.close());

const save = (path: string, fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${crm.url}${path}`, { method: 'POST', body: new URLSearchParams(fields), headers, redirect: 'manual' });

describe('the CRM’s pages for people', () => {
  it('list companies and people, and find them by name with or without accents', async () => {
    const all = (await crm.get('/')).text;
    expect(all).toContain('<a href="/companies/ALFKI"><bdi>Alfreds Futterkiste</bdi></a>');
    expect(all).toContain('Maria Anders');
    const found = (await crm.get('/?q=citeaux%20')).text;
    expect(found).toContain('Frédérique Citeaux');
    expect(found).not.toContain('Maria Anders');
    expect((await crm.get('/?q=lulea')).text).toContain('Christina Berglund');
  });

  it('show a record with its company, and a company with its people', async () => {
    const person = (await crm.get('/people/100001')).text;
    expect(person).toContain('value="030-0074321"');
    expect(person).toContain('href="/companies/ALFKI"');
    expect((await crm.get('/companies/ALFKI')).text).toContain('href="/people/100001"');
    expect((await crm.get('/people/100042x')).status).toBe(404);
  });

  it('save what was changed, and leave the rest as it was: null stays null, line ends stay', async () => {
    await crm.ask('PATCH', '/api/v1/people/100001', { street: 'One\nTwo', title: '' });
    const before = (await crm.get('/api/v1/people/100001')).body;
    const fields = { full_name: 'Maria Anders', title: '', email: '', phone: '+49 30 123', mobile: '', street: 'One\r\nTwo', region: '' };
    const response = await save('/people/100001', fields);
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/people/100001?outcome=saved');
    const after = (await crm.get('/api/v1/people/100001')).body;
    expect(after).toEqual({ ...before, phone: '+49 30 123', updated_at: after.updated_at });
    expect((await crm.get('/people/100001?outcome=saved')).text).toContain('Saved.');
  });

  it('do not count as a change when nothing was changed', async () => {
    const { updated_at: before } = (await crm.get('/api/v1/people/100002')).body;
    await save('/people/100002', { full_name: 'Ana Trujillo' });
    expect((await crm.get('/api/v1/people/100002')).body.updated_at).toBe(before);
  });

  it('say that a name is needed', async () => {
    const response = await save('/companies/ALFKI', { name: ' ', phone: '1' });
    expect(response.headers.get('location')).toBe('/companies/ALFKI?outcome=incomplete');
    expect((await crm.get('/api/v1/companies/ALFKI')).body).toMatchObject({ name: 'Alfreds Futterkiste', phone: '030-0074321' });
  });

  it('delete and restore', async () => {
    await save('/people/100003/delete', {});
    expect((await crm.get('/people/100003')).text).toContain('This record was deleted');
    expect((await save('/people/100003', { phone: '1' })).status).toBe(409);
    await save('/people/100003/restore', {});
    expect((await crm.get('/api/v1/people/100003')).body.deleted_at).toBeNull();
  });

  it('show markup in a record as text', async () => {
    await crm.ask('PATCH', '/api/v1/people/100001', {
      full_name: '<script>alert(1)</script>',
      phone: '"><img src=x>',
      street: '</textarea><b>',
    });
    for (const path of ['/people/100001', '/?q=script', '/companies/ALFKI']) {
      const { text, headers } = await crm.get(path);
      expect(text).not.toMatch(/<script|<img|<b>/);
      expect(text).toContain('&lt;script&gt;');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    }
    expect((await crm.get('/?q=%22%3E%3Cimg%3E')).text).not.toContain('<img');
  });

  it('take no form from another site’s page', async () => {
    expect((await save('/people/100001', { phone: '666' }, { origin: 'http://evil.example' })).status).toBe(403);
    expect((await crm.get('/api/v1/people/100001')).body.phone).toBe('030-0074321');
    expect((await save('/people/100001', { phone: '1' }, { origin: crm.url })).status).toBe(303);
  });
});
