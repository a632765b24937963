import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Person } from '../../../../api/src/cli/connector/ask-terminal.ts';
import { readManifest } from '../../../../api/src/crm/manifest/load-manifest.ts';
import { runConnector } from '../../../api/connectors/kit/connector-command.ts';
import { type CrmServer, startCrm } from '../../../api/crm/support/crm-server.ts';

/** Replies in turn to what is asked; the usual where a reply is empty. */
const personWho = (replies: readonly string[], yes: boolean) => {
  const asked: string[] = [];
  const secretsAsked: string[] = [];
  let at = 0;
  const person: Person = {
    ask: async (question, usual) => {
      asked.push(question);
      const reply = replies[at] ?? '';
      at += 1;
      return reply === '' ? (usual ?? '') : reply;
    },
    askSecret: async (question) => {
      secretsAsked.push(question);
      return 'key-from-the-terminal';
    },
    confirm: async () => yes,
  };
  return { person, asked, secretsAsked };
};

describe('crm-sync connector new at a terminal', () => {
  const folder = mkdtempSync(join(tmpdir(), 'crm-sync-new-'));
  let crm: CrmServer;
  beforeAll(async () => {
    crm = await startCrm(({ path, headers }) => {
      if (headers['x-key'] !== 'key-from-the-terminal') return { status: 401 };
      const one = { uuid: 'p1', full_name: 'Maria Anders', modified: '2026-01-02T03:04:05Z' };
      return path === '/api/people' ? { body: { results: [one, { ...one, uuid: 'p2' }], next: null } } : { body: one };
    });
  });
  afterAll(async () => {
    await crm.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  /** Name, short name, address, sign-in, place and name of the key, companies, people, filter. */
  const replies = () => ['My CRM', '', `${crm.url}/api`, 'apiKey', 'header', 'X-Key', '-', '/people', 'since'];
  const run = (person: Person, target: string) => runConnector(['new', target, '--allow-private-network'], { person });

  it('asks, looks at the CRM with a key that is typed unseen, shows the manifest and writes it after a yes', async () => {
    const { person, asked, secretsAsked } = personWho(replies(), true);
    const made = await run(person, join(folder, 'yes'));
    expect(made).toMatchObject({ exitCode: 0, error: null });
    expect([asked.length, secretsAsked]).toEqual([9, ['API key, Where in the CRM to find it.']]);
    const text = readFileSync(join(folder, 'yes', 'manifest.yaml'), 'utf8');
    expect(readManifest(text)).toMatchObject({
      manifest: {
        id: 'my-crm',
        records: 'results',
        tables: { contact: { id: 'uuid', modified: 'modified', changes: { query: { since: '{{from | iso}}' } } } },
      },
    });
    expect(made.text).toContain(text);
    expect(made.text + text + readFileSync(join(folder, 'yes', 'README.md'), 'utf8')).not.toContain('key-from-the-terminal');
  });

  it('writes nothing after a no', async () => {
    const { person } = personWho(replies(), false);
    expect((await run(person, join(folder, 'no'))).exitCode).toBe(130);
    expect(existsSync(join(folder, 'no'))).toBe(false);
  });

  it('goes on without the CRM when that does not let it in, and says so', async () => {
    const { person } = personWho(replies(), true);
    const made = await run({ ...person, askSecret: async () => 'wrong' }, join(folder, 'unseen'));
    expect(made.exitCode).toBe(0);
    expect(made.text).toContain('refused our sign-in (HTTP 401)');
    expect(readFileSync(join(folder, 'unseen', 'manifest.yaml'), 'utf8')).toContain('nothing was seen of the CRM');
  });

  it.each([
    ['an answer that is none', 'id: A B', 'id: this does not fit. Short name of the connector'],
    ['an unknown sign-in', 'signIn: { kind: magic }', '“kind” must be one of none, apiKey, bearer, basic, oauth2'],
    ['what the language cannot say', 'tables: { contact: { path: /p, page: { kind: spiral } } }', 'the manifest would not be valid: line'],
  ])('refuses %s with what is wrong, and writes nothing', async (_what, line, problem) => {
    const file = join(folder, 'answers.yaml');
    const [changed] = line.split(':');
    const good = [
      'id: acme',
      'name: Acme',
      'address: https://crm.example.com',
      'signIn: { kind: none }',
      'tables: { contact: { path: /p } }',
    ];
    writeFileSync(file, [...good.filter((other) => !other.startsWith(`${changed}:`)), line].join('\n'));
    const { error } = await runConnector(['new', join(folder, 'bad'), '--answers', file]);
    expect(error).toMatchObject({ code: 'connector.answers_invalid', message: expect.stringContaining(problem) });
    expect(existsSync(join(folder, 'bad'))).toBe(false);
  });

  it('asks nobody where nobody is', async () => {
    expect((await runConnector(['new', join(folder, 'bad')])).error?.message).toContain('give --answers file.yaml');
  });
});
