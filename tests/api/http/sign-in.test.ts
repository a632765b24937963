import { AppError } from '../../../api/src/errors/app-error.ts';
import { startServer, type TestServer } from './support/server.ts';

describe('the way back from the CRM’s sign-in', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  it('takes the code of a browser that has no token of ours, and shows none of it', async () => {
    const response = await server.as(null, '/api/sign-in/return?state=northwind.abc&code=the-code');
    const page = await response.text();
    expect([response.status, response.headers.get('referrer-policy'), response.headers.get('cache-control')]).toEqual([
      200,
      'no-referrer',
      'no-store',
    ]);
    expect(page).toContain('is signed in');
    expect(page).not.toContain('the-code');
    expect(server.services.finishedSignIns).toEqual([{ state: 'northwind.abc', code: 'the-code' }]);
  });

  it('says so when the CRM let nobody in, and shows nothing of what the address says', async () => {
    const response = await server.as(null, '/api/sign-in/return?state=northwind.abc&error=%3Cscript%3E');
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain('script');
    expect(server.services.finishedSignIns).toEqual([]);
  });

  it('leads nowhere for a state that was not begun here', async () => {
    server.services.failure = new AppError('source.sign_in_stale', { source: 'northwind' });
    expect((await server.as(null, '/api/sign-in/return?state=x&code=y')).status).toBe(400);
  });
});
