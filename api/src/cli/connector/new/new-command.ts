import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { connectorsFolder } from '../../../configured-manifest.ts';
import { readManifest } from '../../../crm/manifest/load-manifest.ts';
import { type TableName, tableNames } from '../../../crm/types.ts';
import { AppError } from '../../../errors/app-error.ts';
import { describeYamlErrors } from '../../../yaml/read-yaml.ts';
import { describeProblem } from '../../describe-problem.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import type { ConnectorContext } from '../context.ts';
import { gatherSettings } from '../gather-settings.ts';
import type { SourceOptions } from '../source-options.ts';
import { type Answers, readAnswers } from './answers.ts';
import { askAnswers } from './ask-answers.ts';
import { connectionOf } from './connection-of.ts';
import { lookAtCrm } from './look-at-crm.ts';
import { planParent, planTable, type Seen } from './plan-table.ts';
import { draftFor } from './probe-crm.ts';
import { writeManifest } from './write-manifest.ts';
import { writeReadme } from './write-readme.ts';

export interface NewOptions extends Pick<SourceOptions, 'setting' | 'settingFromEnv' | 'allowPrivateNetwork'> {
  readonly folder?: string;
  readonly answers?: string;
  readonly probe: boolean;
  readonly force: boolean;
}

const nothingSeen: ReadonlyMap<TableName, Seen> = new Map();

/** At a terminal a CRM that does not answer is told, and the manifest is written from the answers alone; in a script it is an error. */
const look = async (answers: Answers, options: NewOptions, context: ConnectorContext): Promise<ReadonlyMap<TableName, Seen>> => {
  const { person, output, signal, clock } = context;
  if (!options.probe && person === null) return nothingSeen;
  try {
    const draft = draftFor(answers, '/');
    const given = { ...options, setting: { address: connectionOf(answers).origin, ...options.setting } };
    const settings = await gatherSettings(draft, given, context);
    return await lookAtCrm({ answers, settings, allowPrivateNetwork: options.allowPrivateNetwork, clock, signal });
  } catch (error) {
    if (person === null || options.probe || signal.aborted) throw error;
    const { code, problem, help } = describeProblem(error);
    output.say('unseen', { code, problem, help }, `${problem}\n${help}\nWithout an answer, the manifest is made from what you said alone.`);
    return nothingSeen;
  }
};

interface Made {
  readonly manifest: string;
  readonly readme: string;
  readonly notes: readonly string[];
}

const make = (answers: Answers, seen: ReadonlyMap<TableName, Seen>, folder: string): Made => {
  const { id, name, tables } = answers;
  const { connection, auth } = connectionOf(answers);
  const { parent, notes: parentNotes } = planParent(seen.get('contact') ?? null, seen.get('account') ?? null, tables.account?.path);
  const planned = tableNames.flatMap((table) => {
    const told = tables[table];
    return told === undefined
      ? []
      : [[table, planTable(table, told, seen.get(table) ?? null, table === 'contact' ? parent : undefined)] as const];
  });
  const notes = [
    ...[...seen].flatMap(([table, { proposal }]) => proposal.notes.map((note) => `${table}: ${note}`)),
    ...(tables.contact?.parent === undefined ? parentNotes.map((note) => `contact: ${note}`) : []),
    ...(seen.size === 0 ? ['nothing was seen of the CRM: each line is a guess until `crm-sync connector check` has read a record'] : []),
  ];
  const schemaPath = relative(folder, join(connectorsFolder, 'manifest.schema.json')).replaceAll('\\', '/');
  return {
    manifest: writeManifest({ id, name, connection, auth, tables: planned, notes, schemaPath }),
    readme: writeReadme({ id, name, connection, notes }),
    notes,
  };
};

/** What was answered may not fit the language: then nothing is written. */
const requireValid = (text: string, file: string): void => {
  const reading = readManifest(text);
  if ('errors' in reading)
    throw new AppError('connector.answers_invalid', {
      file,
      problem: `the manifest would not be valid: ${describeYamlErrors(reading.errors)}`,
    });
};

const mayWrite = async (files: readonly string[], { force }: NewOptions, { person }: ConnectorContext): Promise<boolean> => {
  const there = files.find((file) => existsSync(file));
  if (there === undefined || force) return true;
  if (person === null) throw new AppError('connector.file_exists', { file: there });
  return person.confirm(`${there} is there already. Write over it?`);
};

/** Makes the beginning of a connector: from answers, and from what the CRM answers. */
export const newCommand = async (options: NewOptions, context: ConnectorContext): Promise<ExitCode> => {
  const { person, output } = context;
  if (options.answers === undefined && person === null)
    throw new AppError('connector.options_invalid', { problem: 'nobody is here to be asked; give --answers file.yaml' });
  const answers = options.answers === undefined && person !== null ? await askAnswers(person) : await readAnswers(options.answers ?? '');
  const folder = resolve(options.folder ?? answers.id);
  const { manifest, readme, notes } = make(answers, await look(answers, options, context), folder);
  requireValid(manifest, options.answers ?? 'the terminal');
  const files = { [join(folder, 'manifest.yaml')]: manifest, [join(folder, 'README.md')]: readme };
  if (person !== null) {
    output.say('proposed', { manifest }, manifest);
    if (!(await person.confirm('Write this?'))) return exitCodes.cancelled;
  }
  if (!(await mayWrite(Object.keys(files), options, context))) return exitCodes.cancelled;
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(file, text);
  output.say(
    'created',
    { folder, files: Object.keys(files), notes: [...notes] },
    [
      ...Object.keys(files).map((file) => `written: ${file}`),
      ...notes.map((note) => `  to look at: ${note}`),
      `Next: crm-sync connector check --manifest ${folder} --setting address=${connectionOf(answers).origin} …`,
    ].join('\n'),
  );
  return exitCodes.done;
};
