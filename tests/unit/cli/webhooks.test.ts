import { stripVTControlCharacters } from 'node:util';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandContext } from '../../../api/src/cli/commands.ts';
import { createOutput } from '../../../api/src/cli/output.ts';
import {
  installHookCommand,
  listHookCommand,
  makeHookSecret,
  printHookCommand,
  removeHookCommand,
  testHookCommand,
} from '../../../api/src/cli/webhooks-command.ts';
import { RememberingServices } from '../../api/http/support/services.ts';

const open = (isTTY = true) => {
  let text = '';
  const services = new RememberingServices();
  const context = {
    services: { ...services, dataverseUse: () => services.dataverseUse(), runs: { ...services.runs, follow: async () => undefined } },
    output: createOutput({ isTTY, columns: 120, write: (more: string) => (text += more) }, false),
    signal: new AbortController().signal,
    confirm: null,
  } satisfies CommandContext;
  return { context, services, said: () => text };
};

describe('crm-sync webhooks', () => {
  const folder = mkdtempSync(join(tmpdir(), 'crm-sync-print-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('print says the steps, names the files, and writes them where it is told to, over nothing that is there', async () => {
    const { context, said } = open();
    expect(await printHookCommand(context, { source: 'crm', force: false })).toBe(0);
    expect(said()).toContain('crm posts to https://sync.example.com/webhooks/crm');
    expect(said()).toContain('1. Do this.');
    expect(said()).toContain('a/b.txt');
    const out = join(folder, 'out');
    await printHookCommand(context, { source: 'crm', out, force: false });
    expect(readFileSync(join(out, 'a', 'b.txt'), 'utf8')).toBe('text');
    await expect(printHookCommand(context, { source: 'crm', out, force: false })).rejects.toMatchObject({ code: 'connector.file_exists' });
    expect(await printHookCommand(context, { source: 'crm', out, force: true })).toBe(0);
    // A folder where a file is.
    await expect(printHookCommand(context, { source: 'crm', out: join(out, 'a', 'b.txt'), force: true })).rejects.toMatchObject({
      code: 'cli.folder_unwritable',
    });
  });

  it('print gives the files’ text to the next program in a pipe', async () => {
    const { context, said } = open(false);
    await printHookCommand(context, { source: 'crm', force: false });
    expect(JSON.parse(said())).toMatchObject({ event: 'webhook', steps: ['Do this.'], files: [{ path: 'a/b.txt', text: 'text' }] });
  });

  it('print writes nothing outside of the folder, whatever the paths say', async () => {
    const { context } = open();
    const guide = async () => ({
      sourceId: 'crm',
      address: 'https://sync.example.com/',
      isByApi: false,
      steps: [],
      files: [{ path: '../outside.txt', text: 'x' }],
    });
    const services = { ...context.services, hookSetup: { ...context.services.hookSetup, guide } };
    await expect(
      printHookCommand({ ...context, services }, { source: 'crm', out: join(folder, 'inside'), force: true }),
    ).rejects.toMatchObject({
      code: 'cli.folder_unwritable',
    });
    expect(existsSync(join(folder, 'outside.txt'))).toBe(false);
  });

  it('list, install and remove say of each part what is there, and what was done', async () => {
    const { context, services, said } = open();
    expect(await listHookCommand(context, { source: 'crm' })).toBe(0);
    expect(await installHookCommand(context, { source: 'crm', replace: true })).toBe(0);
    expect(await removeHookCommand(context, { source: 'crm', address: 'https://old.example.com/' })).toBe(0);
    expect(said()).toContain('hook is missing');
    expect(said()).toContain('hook one was made');
    expect(said()).toContain('hook one was removed');
    expect(services.hookCalls).toEqual([{ install: { isReplacing: true } }, { remove: { address: 'https://old.example.com/' } }]);
  });

  it('install ends as partly done when something failed, and says why', async () => {
    const { context, said } = open();
    const install = async () => ({
      sourceId: 'crm',
      address: 'https://sync.example.com/',
      changes: [{ what: 'subscription', item: 'x', outcome: 'failed' as const, problem: 'HTTP 400' }],
    });
    const services = { ...context.services, hookSetup: { ...context.services.hookSetup, install } };
    expect(await installHookCommand({ ...context, services }, { source: 'crm', replace: false })).toBe(3);
    expect(said()).toContain('subscription x FAILED: HTTP 400');
  });

  it('test asks for the record that is named, and fails when the sample has not arrived', async () => {
    const { context, services } = open();
    expect(await testHookCommand(context, { source: 'crm', table: 'contact', recordId: '7' })).toBe(0);
    expect(services.hookCalls).toEqual([{ test: { table: 'contact', recordId: '7' } }]);
    const test = async () => ({
      sourceId: 'crm',
      address: 'https://sync.example.com/',
      table: 'account' as const,
      recordId: '1',
      hasArrived: false,
      steps: [{ step: 'accepted' as const, isDone: false, tookMilliseconds: 3, detail: 'no answer' }],
    });
    const failing = { ...context.services, hookSetup: { ...context.services.hookSetup, test } };
    expect(await testHookCommand({ ...context, services: failing }, { source: 'crm' })).toBe(1);
  });

  it('secret makes another one each time, as long as Standard Webhooks asks for', () => {
    const secrets = [open(), open()].map(({ context, said }) => {
      makeHookSecret(context.output);
      return stripVTControlCharacters(said()).replaceAll(/[\r\n]/g, '');
    });
    for (const secret of secrets) expect(Buffer.from(secret.replace('whsec_', ''), 'base64')).toHaveLength(32);
    expect(new Set(secrets).size).toBe(2);
  });
});
