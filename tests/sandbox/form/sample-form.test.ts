import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { attachForm } from '../../../api/sandbox/src/form/routes.ts';

const issuerUrl = 'http://127.0.0.1:4530';
const apiUrl = 'http://127.0.0.1:4500';

let app: FastifyInstance;
let controlFolder: string;
let address: string;

beforeEach(async () => {
  controlFolder = await mkdtemp(join(tmpdir(), 'built-control-'));
  app = Fastify();
  attachForm(app, { issuerUrl, apiUrl, tenantId: 'tenant"><script>', controlFolder });
  address = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  await app.close();
  await rm(controlFolder, { recursive: true });
});

const buildControl = async (): Promise<void> => {
  await mkdir(join(controlFolder, 'strings'));
  await writeFile(join(controlFolder, 'bundle.js'), '/* built */');
  await writeFile(join(controlFolder, 'strings', 'SourceCrmSync.1033.resx'), '<root/>');
};

describe('the sample form', () => {
  it('says what to do when the control is not built', async () => {
    const response = await fetch(`${address}/form/contact/1`);
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('npm run demo');
  });

  it('hosts the control as soon as it is built, with no restart', async () => {
    await buildControl();
    const page = await (await fetch(`${address}/form/contact/1`)).text();
    expect(page).toContain('/form/control/bundle.js');
    expect(await (await fetch(`${address}/form/control/bundle.js`)).text()).toBe('/* built */');
    expect((await fetch(`${address}/form/control/strings/SourceCrmSync.1033.resx`)).status).toBe(200);
  });

  it.each(['page/form.js', 'page/form.css', 'platform/react.js', 'platform/react-dom.js', 'platform/fluent.js', 'solution/form-events.js'])(
    'brings %s itself',
    async (path) => {
      const response = await fetch(`${address}/form/${path}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/javascript|css/);
    },
  );

  it('lets a browser keep a file, and what it compiled of it, until there is a newer one', async () => {
    await buildControl();
    const file = `${address}/form/control/bundle.js`;
    const first = await fetch(file);
    const etag = first.headers.get('etag') ?? '';
    expect(first.headers.get('cache-control')).toBe('no-cache');
    expect((await fetch(file, { headers: { 'if-none-match': etag } })).status).toBe(304);
    await writeFile(join(controlFolder, 'bundle.js'), '/* rebuilt */');
    const rebuilt = await fetch(file, { headers: { 'if-none-match': etag } });
    expect(await rebuilt.text()).toBe('/* rebuilt */');
    expect((await fetch(`${address}/form/contact/1`)).headers.get('cache-control')).toBe('no-store');
  });

  it('has no form for another table', async () => {
    expect((await fetch(`${address}/form/lead/1`)).status).toBe(404);
  });

  it.each(['/form', '/form/contact/1', '/form/page/form.js'])(
    'lets %s run own scripts only, and reach only Dataverse, the API and the sign-in',
    async (path) => {
      const policy = (await fetch(`${address}${path}`)).headers.get('content-security-policy');
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain(`connect-src 'self' ${apiUrl} ${issuerUrl};`);
    },
  );

  it('writes its settings into the page as text', async () => {
    expect(await (await fetch(`${address}/form`)).text()).not.toContain('tenant"><script>');
  });

  it.each(['control/..%2f..%2fpackage.json', 'page/%2e%2e%2froutes.ts', 'page/tsconfig.json', 'platform/none.js'])(
    'gives nothing at %s',
    async (path) => {
      await buildControl();
      expect((await fetch(`${address}/form/${path}`)).status).toBe(404);
    },
  );
});
