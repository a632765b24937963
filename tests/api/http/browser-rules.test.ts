import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer, type TestServer } from './support/server.ts';

const environment = 'https://contoso.crm4.dynamics.com';

describe('what browsers may do', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  const preflight = (origin: string) =>
    server.as(null, '/api/runs', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type' },
    });

  it('lets the pages of the configured environments call the API', async () => {
    const response = await preflight(environment);
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe(environment);
    expect(response.headers.get('access-control-allow-headers')).toBe('authorization, content-type, last-event-id');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it.each(['https://evil.example.com', 'https://contoso.crm4.dynamics.com.evil.example', 'http://contoso.crm4.dynamics.com', 'null'])(
    'does not let the pages of %s',
    async (origin) => {
      expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBeNull();
      const response = await server.as('admin', '/api/sources', { headers: { origin } });
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  it('lets an allowed page read why it was refused', async () => {
    const response = await server.as(null, '/api/sources', { headers: { origin: environment } });
    expect(response.status).toBe(401);
    expect(response.headers.get('access-control-allow-origin')).toBe(environment);
    expect(response.headers.get('access-control-expose-headers')).toContain('x-request-id');
  });

  it('keeps every page to our own scripts, and to us and the sign-in', async () => {
    const policy = (await server.as(null, '/docs/errors')).headers.get('content-security-policy') ?? '';
    expect(policy.split(';')).toEqual(
      expect.arrayContaining([
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "connect-src 'self' http://127.0.0.1:4530",
      ]),
    );
    expect(policy).not.toContain('upgrade-insecure-requests');
  });
});

describe('the control panel’s files', () => {
  let folder: string;
  let server: TestServer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'panel-'));
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<title>Panel</title>');
    await writeFile(join(folder, 'assets', 'main-1a2b.js'), 'export {}');
    server = await startServer({ panelFolder: folder });
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  it.each(['/', '/panel'])('are where %s leads', async (path) => {
    const response = await server.as(null, path);
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe('/panel/');
  });

  it.each(['/panel/', '/panel/runs', '/panel/runs/run-1'])('answer %s with the one page, always fresh', async (path) => {
    const response = await server.as(null, path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(await response.text()).toBe('<title>Panel</title>');
  });

  it('keep what has a hash in its name', async () => {
    const response = await server.as(null, '/panel/assets/main-1a2b.js');
    expect(response.headers.get('content-type')).toContain('javascript');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  it.each(['/panel/assets/gone.js', '/panel/..%2f..%2fetc/passwd.txt', '/panel/%2e%2e/secret.txt'])(
    'are not more than the folder holds (%s)',
    async (path) => {
      const response = await server.as(null, path);
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
    },
  );

  it('are missed with a hint when they were not built', async () => {
    const bare = await startServer({ panelFolder: join(folder, 'nowhere') });
    const response = await bare.as(null, '/panel/');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'panel.not_built' });
    await bare.close();
  });
});
