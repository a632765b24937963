import { createOutput } from '../../../../api/src/cli/output.ts';
import type { ConnectorContext } from '../../../../api/src/cli/connector/context.ts';
import { testCommand, type TestOptions } from '../../../../api/src/cli/connector/run-test.ts';
import { northwindApiKey } from '../../../../api/sandbox/src/northwind/server.ts';
import { type OpenNorthwind, openNorthwind } from '../../../sandbox/northwind/northwind.ts';
import { never } from './support/run-kit.ts';

describe('crm-sync connector test', () => {
  let crm: OpenNorthwind;
  beforeAll(async () => {
    crm = await openNorthwind({ accounts: 0, contacts: 20 });
  });
  afterAll(() => crm.close());

  const run = async (
    options: Partial<TestOptions>,
    { isTerminal = false, ...context }: Partial<ConnectorContext> & { readonly isTerminal?: boolean } = {},
  ) => {
    const written: string[] = [];
    const output = createOutput({ isTTY: isTerminal, write: (text) => written.push(text) }, false);
    const exitCode = await testCommand(
      {
        manifest: 'northwind',
        setting: { baseUrl: crm.url },
        settingFromEnv: { apiKey: 'ACME_KEY' },
        allowPrivateNetwork: true,
        limit: 2_000,
        interactive: false,
        tables: ['contact'],
        ...options,
      },
      {
        output,
        signal: never,
        configFile: 'none.yaml',
        environment: { ACME_KEY: northwindApiKey },
        person: null,
        clock: { nowMs: () => Date.now() },
        columns: 120,
        ...context,
      },
    );
    return { exitCode, text: written.join('') };
  };
  const linesOf = (text: string): readonly Record<string, unknown>[] =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it('tells each promise in a JSON line, then the counts, and ends with 0 when nothing failed', async () => {
    const { exitCode, text } = await run({ only: ['total', 'sweep'] });
    const lines = linesOf(text);
    expect(exitCode).toBe(0);
    expect(lines.at(2)).toMatchObject({ event: 'check', table: 'contact', check: 'total', verdict: 'passed', note: '62 records' });
    expect(lines.at(3)).toMatchObject({ check: 'sweep', verdict: 'notRun', why: expect.stringContaining('no `sweep`') });
    expect(lines.at(-1)).toEqual({ event: 'tested', passed: 3, failed: 0, notRun: 1 });
  });

  it('shows a person a table with what to do, and ends with 1 when something failed', async () => {
    const { exitCode, text } = await run({ only: ['total'] }, { isTerminal: true, environment: { ACME_KEY: 'wrong' } });
    expect(exitCode).toBe(1);
    expect(text).toMatch(/✗ answers .*\n.*refused our sign-in.*\n.*Check the key/);
    expect(text).toMatch(/contact {2}– total .*\n.*not run: the CRM cannot be read/);
    expect(text).toContain('0 passed, 1 failed, 1 not run');
  });

  it('writes neither the key nor anything that is in a record', async () => {
    const { text } = await run({});
    const people = await crm.page('/api/v1/people?per_page=100');
    expect(text).not.toContain(northwindApiKey);
    for (const { full_name: name, email, phone } of people.data)
      for (const value of [name, email, phone]) if (typeof value === 'string' && value.trim().length > 4) expect(text).not.toContain(value);
  });

  it('takes secrets from the environment only', async () => {
    await expect(run({ setting: { baseUrl: crm.url, apiKey: northwindApiKey } })).rejects.toMatchObject({
      code: 'connector.options_invalid',
      message: expect.stringMatching(/“apiKey” is a secret.*--setting-from-env apiKey=/),
    });
    await expect(run({}, { environment: {} })).rejects.toMatchObject({ code: 'config.secret_missing' });
  });

  it('asks a person to make a record, and to change and delete that one and no other', async () => {
    const asked: string[] = [];
    const made: string[] = [];
    const ask = async (question: string): Promise<string> => {
      asked.push(question);
      if (question.startsWith('Make')) {
        const { body } = await crm.ask('POST', '/api/v1/people', { full_name: 'Made Fortest' });
        made.push(String(body.id));
        return String(body.id);
      }
      const path = `/api/v1/people/${/contact (\d+)/.exec(question)?.[1]}`;
      await (question.startsWith('Delete') ? crm.ask('DELETE', path) : crm.ask('PATCH', path, { phone: `+43 ${asked.length}` }));
      return '';
    };
    const only = ['created-seen', 'changed-seen', 'changed-during-walk', 'removed-seen'];
    const { exitCode, text } = await run({ interactive: true, only }, { person: { ask, askSecret: ask, confirm: async () => false } });
    expect(linesOf(text).at(-1)).toMatchObject({ passed: 6, failed: 0, notRun: 0 });
    expect(exitCode).toBe(0);
    expect(made).toHaveLength(1);
    expect(asked.slice(1).map((question) => question.split(',')[0])).toEqual([
      `Change anything in contact ${made[0]}`,
      `Change anything in contact ${made[0]}`,
      `Delete contact ${made[0]} in the CRM`,
    ]);
  });

  it('leaves those checks out when the person does not want to', async () => {
    const { exitCode, text } = await run(
      { interactive: true, only: ['created-seen'] },
      { person: { ask: async () => '', askSecret: async () => '', confirm: async () => false } },
    );
    expect(exitCode).toBe(0);
    expect(linesOf(text).at(-2)).toMatchObject({ check: 'created-seen', verdict: 'notRun' });
  });
});
