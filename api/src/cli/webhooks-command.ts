import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { HookChangesBody, HookGuideBody, HookStatesBody, TestHookBody } from '../contract/hooks.ts';
import { AppError } from '../errors/app-error.ts';
import type { CommandContext } from './commands.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { Output } from './output.ts';

/** Of which source, and which of its webhooks; the main one when left out. */
export interface HookArguments {
  readonly source: string;
  readonly hook?: string;
}

export interface PrintArguments extends HookArguments {
  readonly out?: string;
  readonly force: boolean;
}

/** Where the files go; the paths come from a connector's folder, perhaps by way of an API, and must stay below it. */
const placeIn = (folder: string, path: string): string => {
  const file = resolve(folder, ...path.split('/'));
  if (file.startsWith(resolve(folder) + sep)) return file;
  throw new AppError('cli.folder_unwritable', { folder, problem: 'a file’s path leads out of it' });
};

const writeFiles = async (folder: string, files: HookGuideBody['files'], isForced: boolean): Promise<void> => {
  const places = files.map(({ path, text }) => ({ file: placeIn(folder, path), text }));
  const there = places.find(({ file }) => existsSync(file));
  if (there !== undefined && !isForced) throw new AppError('connector.file_exists', { file: there.file });
  try {
    for (const { file, text } of places) {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  } catch (error) {
    const problem = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new AppError('cli.folder_unwritable', { folder, problem }, error);
  }
};

const numbered = (steps: readonly string[]): readonly string[] => steps.map((step, position) => `${position + 1}. ${step}`);

/** What to do in the CRM, and the files for it. Never shows a secret: where one belongs, the steps say how it gets there. */
export const printHookCommand = async (
  { services, output }: CommandContext,
  { source, out, force, ...of }: PrintArguments,
): Promise<ExitCode> => {
  const guide = await services.hookSetup.guide(source, of);
  const { address, isByApi, steps, files } = guide;
  if (out !== undefined) await writeFiles(out, files, force);
  const listed = files.map(({ path }) => `  ${out === undefined ? path : join(out, path)}`);
  const filesSaid = files.length === 0 ? [] : [out === undefined ? 'Files (write them with --out <folder>):' : 'Written:', ...listed];
  const text = [`${source} posts to ${address}`, ...numbered(steps), ...filesSaid].join('\n');
  output.say(
    'webhook',
    { sourceId: source, ...of, address, isByApi, steps, files: out === undefined ? files : files.map(({ path }) => join(out, path)) },
    text,
  );
  return exitCodes.done;
};

const nameOf = ({ what, item }: { readonly what: string; readonly item?: string }): string =>
  item === undefined ? what : `${what} ${item}`;

const states: Readonly<Record<HookStatesBody['parts'][number]['state'], string>> = {
  right: 'is there',
  differs: 'is there and differs: install mends it',
  missing: 'is missing',
  others: 'belongs to another receiver',
};

export const listHookCommand = async (
  { services, output, signal }: CommandContext,
  { source, ...of }: HookArguments,
): Promise<ExitCode> => {
  const { address, parts } = await services.hookSetup.list(source, of, signal);
  for (const part of parts)
    output.say('webhookPart', { sourceId: source, ...of, address, ...part }, `${nameOf(part)} ${states[part.state]}`);
  return exitCodes.done;
};

const outcomes: Readonly<Record<HookChangesBody['changes'][number]['outcome'], string>> = {
  made: 'was made',
  changed: 'was mended',
  kept: 'was as it should be',
  removed: 'was removed',
  absent: 'was not there',
  failed: 'FAILED',
};

const sayChanges = (output: Output, { changes, ...shown }: HookChangesBody): ExitCode => {
  for (const change of changes) {
    const problem = change.problem === undefined ? '' : `: ${change.problem}`;
    output.say('webhookChange', { ...shown, ...change }, `${nameOf(change)} ${outcomes[change.outcome]}${problem}`);
  }
  const failed = changes.filter(({ outcome }) => outcome === 'failed').length;
  output.say(
    'webhookDone',
    { ...shown, failed },
    failed === 0 ? `${shown.sourceId}: done, for ${shown.address}` : `${shown.sourceId}: ${failed} failed`,
  );
  return failed === 0 ? exitCodes.done : exitCodes.partial;
};

export const installHookCommand = async (
  { services, output, signal }: CommandContext,
  { source, replace, ...of }: HookArguments & { readonly replace: boolean },
): Promise<ExitCode> => sayChanges(output, await services.hookSetup.install(source, { ...of, isReplacing: replace }, signal));

export const removeHookCommand = async (
  { services, output, signal }: CommandContext,
  { source, ...which }: HookArguments & { readonly address?: string },
): Promise<ExitCode> => sayChanges(output, await services.hookSetup.remove(source, which, signal));

const stepNames = {
  record: 'a record to try it with',
  signed: 'signed',
  accepted: 'accepted',
  stored: 'stored',
  drained: 'drained',
  row: 'row',
} as const;

/** Ends with 0 only when the sample has arrived. */
export const testHookCommand = async (
  { services, output, signal }: CommandContext,
  { source, ...record }: TestHookBody & { readonly source: string },
): Promise<ExitCode> => {
  const { steps, ...trial } = await services.hookSetup.test(source, record, signal);
  output.say('webhookTrial', { ...trial }, `${source}: a signed sample to ${trial.address}`);
  for (const step of steps)
    output.say(
      'webhookStep',
      { sourceId: source, ...step },
      `${step.isDone ? 'ok  ' : 'FAIL'} ${stepNames[step.step]}, ${step.tookMilliseconds} ms: ${step.detail}`,
    );
  return trial.hasArrived ? exitCodes.done : exitCodes.failed;
};

/** Standard Webhooks 1.0 asks for 24 to 64 bytes. */
const secretBytes = 32;

/** A new one, for both sides; it is kept nowhere. */
export const makeHookSecret = (output: Output): ExitCode => {
  const secret = `whsec_${randomBytes(secretBytes).toString('base64')}`;
  output.say('webhookSecret', { secret }, secret);
  return exitCodes.done;
};
