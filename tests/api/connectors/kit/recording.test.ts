import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { northwindApiKey } from '../../../../api/sandbox/src/northwind/server.ts';
import { openNorthwind, type OpenNorthwind } from '../../../sandbox/northwind/northwind.ts';
import type { JsonObject } from '../../../support/http-json.ts';
import { type CrmServer, startCrm } from '../../crm/support/crm-server.ts';
import { runConnector } from './connector-command.ts';

const walkOf = ({ lines }: Awaited<ReturnType<typeof runConnector>>): unknown =>
  lines.find(({ event }) => event === 'recorded' || event === 'replayed')?.walk;

/** In addresses, and in names of fields as well. */
const fieldWords = /^(https?|mail)$/;

/** Every text of these records that could name somebody: not countries and segments, which many share, nor ids and times. */
const personalTexts = (records: readonly JsonObject[]): readonly string[] => {
  const fields = ['name', 'full_name', 'email', 'phone', 'mobile', 'fax', 'street', 'city', 'postal_code', 'website', 'title', 'birthday'];
  const values = records.flatMap((record) => fields.map((field) => record[field]));
  // A postal code alone is five digits that any time or id may hold.
  const texts = values.filter((value) => typeof value === 'string' && (value.length >= 8 || /\p{L}{3}/u.test(value))).map(String);
  // Each word of it too: a family name alone is a name.
  const words = texts.flatMap((text) => text.split(/[^\p{L}]+/u)).filter((word) => word.length >= 4 && !fieldWords.test(word));
  return [...new Set([...texts, ...words])];
};

describe('a recording of a CRM', () => {
  const folder = mkdtempSync(join(tmpdir(), 'crm-sync-recording-'));
  const file = join(folder, 'northwind.json');
  let crm: OpenNorthwind;
  let text: string;
  let recorded: Awaited<ReturnType<typeof runConnector>>;
  const source = () => [
    '--manifest',
    'northwind',
    '--setting',
    `baseUrl=${crm.url}`,
    '--setting-from-env',
    'apiKey=KEY',
    '--allow-private-network',
  ];
  const record = (...args: readonly string[]) => runConnector(['record', ...source(), ...args], { environment: { KEY: northwindApiKey } });

  beforeAll(async () => {
    crm = await openNorthwind({ accounts: 520, contacts: 0 });
    recorded = await record('--out', file, '--pages', '2');
    text = readFileSync(file, 'utf8');
  });
  afterAll(async () => {
    await crm.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('holds no secret, no address of the CRM, and is for its maker’s eyes only', () => {
    expect(recorded).toMatchObject({ exitCode: 0, error: null });
    expect(text).not.toContain(northwindApiKey);
    expect(text).not.toContain(new URL(crm.url).host);
    expect(text.toLowerCase()).not.toContain('x-api-key":');
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it('holds no name, mail, phone, street or birthday of any record that was read', async () => {
    const people = await crm.page('/api/v1/people?per_page=500');
    const companies = await crm.page('/api/v1/companies?per_page=500');
    const personal = personalTexts([...people.data, ...companies.data]);
    expect(personal.length).toBeGreaterThan(1000);
    // The manifest is in there too: its own words are no data of anybody.
    const { exchanges } = JSON.parse(text) as { readonly exchanges: readonly { readonly body: string; readonly target: string }[] };
    const kept = exchanges.map(({ body, target }) => `${target}\n${body}`).join('\n');
    expect(exchanges.length).toBeGreaterThan(8);
    expect(personal.filter((value) => kept.includes(value))).toEqual([]);
  });

  it('gives the same ids, times, parents and pages when it is replayed, with no CRM', async () => {
    const replayed = await runConnector(['replay', file]);
    expect(replayed).toMatchObject({ exitCode: 0, error: null });
    expect(walkOf(replayed)).toEqual(walkOf(recorded));
    expect(walkOf(replayed)).toMatchObject({ tables: [{ list: { pages: [{ isLast: false }, { isLast: true }] } }, {}] });
  });

  it('lets a manifest be developed on it: check and preview answer from it, and what it cannot answer is named', async () => {
    expect(await runConnector(['check', '--recording', file])).toMatchObject({ exitCode: 0, error: null });
    const preview = await runConnector(['preview', '--recording', file, '--table', 'contact', '--count', '1']);
    expect(preview).toMatchObject({ exitCode: 0, error: null, lines: [{}, { event: 'previewed', outcome: 'row' }] });
    const edited = join(folder, 'edited.yaml');
    const manifest = readFileSync('api/connectors/northwind/manifest.yaml', 'utf8');
    writeFileSync(edited, manifest.replace('list: { path: /people,', 'list: { path: /persons,'));
    const replayed = await runConnector(['replay', file, '--manifest', edited]);
    expect(replayed.exitCode).toBe(3);
    expect(replayed.lines[0]?.unanswered).toEqual(['GET /api/v1/persons?include_deleted&per_page&page']);
  });

  it('is not written over, and a file that is none is refused', async () => {
    expect((await record('--out', file)).error).toMatchObject({ code: 'connector.file_exists' });
    writeFileSync(join(folder, 'none.json'), '{"recording": 1}');
    expect((await runConnector(['replay', join(folder, 'none.json')])).error).toMatchObject({ code: 'connector.recording_unreadable' });
  });
});

const person = {
  id: 'maria.anders@acme-corp.example',
  full: 'Maria Anders',
  changed: 1_767_000_000,
  boss: 'Anders, Horst',
  status: 'customer',
  firm: 'Siemens',
};

const hardManifest = `
manifest: crm-sync/v1
id: hard
name: Hard CRM
version: 1.0.0
connection:
  settings:
    address: { type: url, title: Address }
    user: { type: text, title: User }
    password: { type: secret, title: Password }
  baseUrl: "{{settings.address}}/api"
auth:
  kind: session
  login: { path: /login, body: { user: "{{settings.user}}", password: "{{settings.password}}" } }
  token: session.token
  send: { in: query, name: sid }
records: rows
page: { kind: nextLink, from: next }
tables:
  account:
    id: no
    get: { path: "/firms/{{id}}" }
    list: { path: /firms, page: { kind: none } }
    map: [{ to: name, from: name }]
  contact:
    id: id
    modified: { path: changed, format: epochSeconds }
    skip: status == "test"
    parent: { path: firm, table: account, lookup: { path: /firms, query: { names: "{{keys | join}}" }, records: rows, key: name, id: no, max: 9 } }
    get: { path: "/people/{{id}}" }
    list: { path: /people, query: { owner: "{{settings.user}}" } }
    map: [{ to: lastname, from: full, via: [lastName] }]
`;

describe('a recording of a CRM that puts names into ids, cursors, links and messages', () => {
  const folder = mkdtempSync(join(tmpdir(), 'crm-sync-hard-'));
  const [file, manifest] = [join(folder, 'hard.json'), join(folder, 'hard.yaml')];
  let crm: CrmServer;
  let recorded: Awaited<ReturnType<typeof runConnector>>;

  beforeAll(async () => {
    crm = await startCrm(({ path, query, body }) => {
      if (path === '/api/login')
        return body.includes('hunter2-hunter2') ? { body: { session: { token: 'session-4711-abc', user: 'maria' } } } : { status: 401 };
      if (query.get('sid') !== 'session-4711-abc') return { status: 401, body: { error: 'no session' } };
      if (path === '/api/firms') return { body: { rows: [{ no: 77, name: 'Siemens' }] } };
      if (path === '/api/firms/77') return { body: { no: 77, name: 'Siemens' } };
      if (path !== '/api/people') return { body: { ...person, note: 'Calls herself Mizzi', phone: 436641234567 } };
      if (query.get('after') === 'Anders Maria') return { status: 400, body: { error: 'cannot sort behind Maria Anders' } };
      return { body: { rows: [person], next: `${crm.url}/api/people?owner=u.huber%40acme-corp.example&after=Anders+Maria&limit=1` } };
    });
    writeFileSync(manifest, hardManifest);
    recorded = await runConnector(
      [
        ...['record', '--manifest', manifest, '--out', file, '--allow-private-network'],
        ...['--setting', `address=${crm.url}`, '--setting', 'user=u.huber@acme-corp.example', '--setting-from-env', 'password=PASSWORD'],
      ],
      { environment: { PASSWORD: 'hunter2-hunter2' } },
    );
  }, 60_000);
  afterAll(async () => {
    await crm.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('holds none of them', () => {
    const text = readFileSync(file, 'utf8');
    for (const secret of [
      'hunter2',
      'session-4711',
      'huber',
      'acme-corp',
      'Maria',
      'maria',
      'Anders',
      'Horst',
      'Mizzi',
      'Siemens',
      '436641234567',
      new URL(crm.url).host,
    ]) {
      expect(text).not.toContain(secret);
    }
  });

  it('and goes on where the CRM went on, up to the failure that it was made for', async () => {
    expect(recorded.exitCode).toBe(3);
    const replayed = await runConnector(['replay', file]);
    expect(replayed).toMatchObject({ exitCode: 3, error: null });
    const [before, after] = [walkOf(recorded), walkOf(replayed)] as readonly { readonly tables: readonly JsonObject[] }[];
    expect(after).toMatchObject({
      connection: null,
      tables: [{}, { list: { problem: expect.stringContaining('crm.refused') }, one: { pages: [{ records: [{ parentId: '77' }] }] } }],
    });
    // The id is a mail address there, so it is another one here, but the same everywhere.
    const strip = (walk: unknown): string =>
      JSON.stringify(walk)
        .replaceAll(/"id":"[^"]*"/g, '"id"')
        .replaceAll(/of \w+ /g, '');
    expect(strip(after)).toBe(strip(before));
    expect(replayed.lines[0]?.unanswered).toEqual([]);
  });
});
