import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atTerminal } from '../../../../api/src/cli/connector/ask-terminal.ts';
import { showRecord } from '../../../../api/src/cli/connector/show-preview.ts';
import { runConnector } from '../../../api/connectors/kit/connector-command.ts';

describe('the CRM that a connector command is about', () => {
  const folder = mkdtempSync(join(tmpdir(), 'crm-sync-source-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const northwind = ['--manifest', 'northwind', '--setting', 'baseUrl=https://crm.example.com'];

  it.each<readonly [string, readonly string[], string]>([
    ['none', [], 'name a CRM with either --source or --manifest'],
    ['two', ['--manifest', 'northwind', '--source', 'x'], 'name a CRM with either --source or --manifest'],
    [
      'a secret on the command line',
      [...northwind, '--setting', 'apiKey=s3cret-value'],
      '“apiKey” is a secret, and command lines are seen by others',
    ],
    ['a variable that is not set', [...northwind, '--setting-from-env', 'apiKey=NO_SUCH'], 'environment variable NO_SUCH is not set'],
    ['a setting that is missing', northwind, '“apiKey” (API key) is missing'],
    ['a manifest that is not there', ['--manifest', './nowhere.yaml'], 'there is no such file'],
    ['a configuration that is not there', ['--source', 'x'], 'there is no such file'],
  ])('is refused when there is %s', async (_what, args, problem) => {
    const { error, text } = await runConnector(['check', ...args]);
    expect(error?.message).toContain(problem);
    expect(`${error?.message} ${text}`).not.toContain('s3cret-value');
  });

  it('is told its manifest’s mistakes with line and column, each at once, and is asked nothing', async () => {
    const file = join(folder, 'bad.yaml');
    const good = readFileSync('api/connectors/rest-template/manifest.yaml', 'utf8');
    writeFileSync(file, good.replace('records: data', 'recrods: data').replace('from: first_name', 'form: first_name'));
    const { exitCode, lines } = await runConnector(['check', '--manifest', file]);
    expect(exitCode).toBe(2);
    const at = (text: string): object => {
      const line = good.split('\n').findIndex((one) => one.includes(text));
      return { line: line + 1, column: (good.split('\n')[line] ?? '').indexOf(text) + 1 };
    };
    expect(lines).toEqual([
      expect.objectContaining({
        isValid: false,
        errors: [
          expect.objectContaining({ ...at('records: data'), problem: expect.stringContaining('did you mean “records”?') }),
          expect.objectContaining({
            ...at('from: first_name'),
            problem: expect.stringContaining('“form” is not known here (did you mean “from”?)'),
          }),
        ],
      }),
    ]);
  });

  it('has a whole folder for a name', async () => {
    expect(await runConnector(['check', '--offline', '--manifest', 'api/connectors/rest-template'])).toMatchObject({ exitCode: 0 });
  });
});

describe('a secret that is asked for', () => {
  it('is not shown while it is typed', async () => {
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
    let shown = '';
    const output = Object.assign(new PassThrough(), { columns: 80 });
    output.on('data', (chunk: Buffer) => (shown += chunk.toString()));
    const person = atTerminal({
      input,
      output,
      signal: new AbortController().signal,
    });
    const secret = person.askSecret('API key');
    input.write('s3cret-value\r');
    expect(await secret).toBe('s3cret-value');
    expect(shown).toContain('API key (not shown)');
    expect(shown).not.toContain('s3cret');
    const name = person.ask('Name', 'usual');
    input.write('\r');
    expect(await name).toBe('usual');
  });
});

describe('a preview at a terminal', () => {
  it('shows what could move the cursor or colour the screen as dots', () => {
    const text = showRecord(
      {
        name: 'contact',
        table: { id: 'id', list: { path: '/p' }, map: [{ to: 'lastname', from: 'name' }] },
        record: {
          id: '1\u001b[2J',
          modifiedOnMs: null,
          isDeleted: false,
          isSkipped: false,
          parentId: null,
          url: null,
          fields: { name: 'A\u001b[31mB\u202e', fax: '1' },
        },
        explained: {
          outcome: 'row',
          rules: [{ columns: ['lastname'], value: 'x', row: { lastname: 'A\u0007' }, verdict: 'cut', problem: 'too long' }],
        },
      },
      120,
    );
    for (const sign of ['\u001b', '\u0007', '\u202e']) expect(text).not.toContain(sign);
    expect(text).toMatch(/lastname +A·\[31mB· +A· +cut: too long/);
    expect(text).toContain('not mapped: fax');
  });
});
