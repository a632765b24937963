import { type OpenNorthwind, openNorthwind } from './northwind.ts';

let crm: OpenNorthwind;
beforeEach(async () => {
  crm = await openNorthwind();
});
afterEach(() => crm.close());

const statuses = async (count: number): Promise<readonly number[]> => {
  const found: number[] = [];
  for (let index = 0; index < count; index += 1) found.push((await crm.get('/api/v1/people?per_page=1')).status);
  return found;
};

describe('trouble on request', () => {
  it('strikes the next requests in the order it was asked for, then is over', async () => {
    await crm.ask('POST', '/sandbox/faults', { kind: 'throttle', count: 2 });
    await crm.ask('POST', '/sandbox/faults', { kind: 'unavailable', count: 1 });
    await crm.ask('POST', '/sandbox/faults', { kind: 'unauthorised', count: 1 });
    expect(await statuses(5)).toEqual([429, 429, 503, 401, 200]);
  });

  it('says when to come back, if it was told', async () => {
    await crm.ask('POST', '/sandbox/faults', { kind: 'throttle', count: 1, retryAfterSeconds: 7 });
    await crm.ask('POST', '/sandbox/faults', { kind: 'throttle', count: 1 });
    expect((await crm.get('/api/v1/people')).headers.get('retry-after')).toBe('7');
    expect((await crm.get('/api/v1/people')).headers.get('retry-after')).toBeNull();
  });

  it('breaks an answer off in the middle', async () => {
    await crm.ask('POST', '/sandbox/faults', { kind: 'cutBody', count: 1 });
    const response = await fetch(`${crm.url}/api/v1/people`, { headers: { 'x-api-key': 'northwind-sandbox-key' } });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
    expect(await statuses(1)).toEqual([200]);
  });

  it('can be kept to some paths, and be taken back', async () => {
    await crm.ask('POST', '/sandbox/faults', { kind: 'unavailable', count: 9, path: '/api/v1/companies' });
    expect(await statuses(1)).toEqual([200]);
    expect((await crm.get('/api/v1/companies')).status).toBe(503);
    await crm.ask('DELETE', '/sandbox/faults');
    expect((await crm.get('/api/v1/companies')).status).toBe(200);
  });

  it('is refused when it makes no sense', async () => {
    expect((await crm.ask('POST', '/sandbox/faults', { kind: 'earthquake', count: 1 })).status).toBe(400);
    expect((await crm.ask('POST', '/sandbox/faults', { kind: 'throttle', count: 0 })).status).toBe(400);
  });
});

describe('statistics', () => {
  it('count requests by route, struck ones too, and get many apart from pages', async () => {
    await crm.ask('POST', '/sandbox/faults', { kind: 'unavailable', count: 1 });
    await statuses(2);
    await crm.get('/api/v1/people?ids=100001');
    await crm.get('/api/v1/people/100001');
    expect((await crm.get('/sandbox/statistics')).body.requestsByRoute).toEqual({
      'GET /api/v1/people': 2,
      'GET /api/v1/people?ids': 1,
      'GET /api/v1/people/:id': 1,
    });
    await crm.ask('DELETE', '/sandbox/statistics');
    expect((await crm.get('/sandbox/statistics')).body.requestsByRoute).toEqual({});
  });
});
