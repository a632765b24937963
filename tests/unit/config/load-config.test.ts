import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../../api/src/config/load-config.ts';

const complete = `dataverse:
  url: https://contoso.crm4.dynamics.com
  tenantId: 11111111-1111-4111-8111-111111111111
  clientId: 22222222-2222-4222-8222-222222222222
  clientSecret: {env: DATAVERSE_SECRET}
identity:
  authority: https://login.microsoftonline.com/11111111-1111-4111-8111-111111111111
  tenantId: 11111111-1111-4111-8111-111111111111
  audience: [api://crm-sync]
  clientId: panel
  scope: api://crm-sync/.default
sources:
  - id: northwind
    connector: northwind
    settings:
      baseUrl: https://crm.example
      apiKey: {file: key.txt}
`;

describe('the configuration', () => {
  let folder: string;
  const write = (text: string): string => {
    const file = join(folder, 'crm-sync.yaml');
    writeFileSync(file, text);
    return file;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'crm-sync-config-'));
    writeFileSync(join(folder, 'key.txt'), 'from the file\n');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is complete after loading: secrets read, defaults filled in, paths absolute', () => {
    const config = loadConfig(write(complete), { DATAVERSE_SECRET: 'from the environment' });
    expect(config.dataverse.users).toEqual([{ clientId: expect.any(String), clientSecret: 'from the environment' }]);
    expect(config.sources[0]?.settings).toEqual({ baseUrl: 'https://crm.example', apiKey: 'from the file' });
    expect(config.api).toMatchObject({ host: '127.0.0.1', port: 4500, publicUrl: 'http://127.0.0.1:4500' });
    expect(config.store).toEqual({ databaseUrl: null, folder: join(folder, '.crm-sync/store') });
  });

  it('names further application users, each with a secret of its own, and none twice', () => {
    const withUsers = (id: string): string =>
      write(complete.replace('  tenantId:', `  moreUsers:\n    - { clientId: ${id}, clientSecret: { env: SECOND } }\n  tenantId:`));
    const secrets = { DATAVERSE_SECRET: 'x', SECOND: 'y' };
    const [first, second] = loadConfig(withUsers('another'), secrets).dataverse.users;
    expect(second).toEqual({ clientId: 'another', clientSecret: 'y' });
    expect(() => loadConfig(withUsers('another'), { DATAVERSE_SECRET: 'x' })).toThrow(/dataverse\.moreUsers\[0\]\.clientSecret/);
    expect(() => loadConfig(withUsers(first.clientId), secrets)).toThrow(/is named twice/);
  });

  it('says how a source’s rows are written: as Dataverse does it, unless the file says otherwise', () => {
    const writingOf = (more: string) => loadConfig(write(complete + more), { DATAVERSE_SECRET: 'x' }).sources[0]?.writing;
    expect(writingOf('')).toEqual({});
    expect(writingOf('    dataverse: {bypassCustomLogic: none, suppressFlows: false}\n')).toEqual({});
    expect(writingOf('    owner: {team: Service}\n    dataverse: {bypassCustomLogic: all, suppressFlows: true}\n')).toEqual({
      owner: { team: 'Service', assign: 'created' },
      bypassCustomLogic: 'all',
      suppressFlows: true,
    });
    expect(() => writingOf('    dataverse: {bypassCustomLogic: some}\n')).toThrow(/line 18: sources/);
  });

  it('takes schedules, and says what is wrong with one that is none', () => {
    const schedules = (text: string) =>
      loadConfig(write(`${complete}    schedules: ${text}\n`), { DATAVERSE_SECRET: 's' }).sources[0]?.schedules;
    expect(schedules('[{ mode: incremental, every: 15m }]')).toEqual([{ mode: 'incremental', every: '15m' }]);
    expect(schedules('[{ mode: full, cron: 0 3 * * 0, timeZone: Europe/Vienna, tables: [account] }]')).toHaveLength(1);
    for (const wrong of ['[{ mode: full }]', '[{ mode: incremental, every: often }]', '[{ mode: some, every: 1h }]']) {
      expect(() => schedules(wrong)).toThrow(expect.objectContaining({ code: 'config.unreadable' }));
    }
  });

  it('takes the keys that seal tokens in base 64 or hex, the newest first, and says when one is none', () => {
    const [one, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    const environment = { DATAVERSE_SECRET: 's', NEW: one.toString('base64'), OLD: other.toString('hex'), SHORT: 'c2hvcnQ=' };
    const keysOf = (line: string) => loadConfig(write(`${complete}${line}\n`), environment).sealKeys;
    expect(keysOf('')).toEqual([]);
    expect(keysOf('secretsKey: [{env: NEW}, {env: OLD}]')).toEqual([one, other]);
    expect(() => keysOf('secretsKey: {env: SHORT}')).toThrow('must be 32 bytes in base 64, and is 5');
    expect(() => keysOf('secretsKey: {env: NONE}')).toThrow('environment variable NONE is not set');
  });

  it('takes the database from DATABASE_URL when the file does not name one', () => {
    const config = loadConfig(write(complete), { DATAVERSE_SECRET: 'x', DATABASE_URL: 'postgres://host/db' });
    expect(config.store.databaseUrl).toBe('postgres://host/db');
  });

  it.each([
    [
      'a setting that does not exist',
      complete.replace('  tenantId: 1', '  tennantId: 1'),
      /line 3: dataverse.tennantId: “tennantId” is not known here \(did you mean “tenantId”\?\); known are url, authority, tenantId/,
    ],
    [
      'a wrong value',
      complete.replace('https://contoso', 'contoso'),
      /line 2: dataverse.url: this does not fit. Address of the environment/,
    ],
    ['a missing block', complete.replace(/identity:[\s\S]*?sources/, 'sources'), /line 1: “identity” is missing/],
    ['a key that is there twice', `${complete}sources: []\n`, /line 18: Map keys must be unique/],
    [
      'two sources of one name',
      `${complete}  - {id: northwind, connector: northwind, settings: {}}\n`,
      /two sources are called "northwind"/,
    ],
  ])('that has %s is refused with the line', (_what, text, message) => {
    expect(() => loadConfig(write(text), { DATAVERSE_SECRET: 'x' })).toThrow(message);
  });

  it('whose secret is missing is refused with the place where it is looked for', () => {
    expect(() => loadConfig(write(complete), {})).toThrow(
      'The secret for dataverse.clientSecret is missing: environment variable DATAVERSE_SECRET is not set',
    );
  });

  it('that is not there is refused with its path', () => {
    expect(() => loadConfig(join(folder, 'none.yaml'), {})).toThrow(/none.yaml cannot be used: there is no such file/);
  });
});
