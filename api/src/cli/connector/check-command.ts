import { readFile } from 'node:fs/promises';
import { type Finding, judgeSample } from '../../crm/kit/judge-sample.ts';
import { takeSample } from '../../crm/kit/take-sample.ts';
import { readManifest } from '../../crm/manifest/load-manifest.ts';
import { readyTables } from '../../crm/manifest/with-defaults.ts';
import type { ConnectionCheck, FieldList, TableReader } from '../../crm/types.ts';
import { AppError, isAppError } from '../../errors/app-error.ts';
import type { YamlError } from '../../yaml/read-yaml.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { ConnectorContext } from './context.ts';
import { findSource, openSource } from './open-source.ts';
import type { SourceOptions } from './source-options.ts';

const reference = 'api/docs/reference/manifest.md';

const describeError = ({ line, column, path, problem }: YamlError): string =>
  `  line ${line}, column ${column}: ${path === '' ? '' : `${path}: `}${problem}`;

/** Schema and lint. `false`: the manifest has errors, and they are told. */
const checkManifest = async (file: string, { output }: ConnectorContext): Promise<boolean> => {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new AppError('manifest.unreadable', { file, problem: 'there is no such file, or it may not be read' }, error);
  });
  const reading = readManifest(text);
  const errors = 'errors' in reading ? reading.errors : [];
  const isValid = errors.length === 0;
  output.say(
    'manifest',
    { file, isValid, errors: [...errors] },
    isValid
      ? `${file}: valid`
      : [`${file}: not valid`, ...errors.map(describeError), `Correct these lines; ${reference} has all that can stand there.`].join('\n'),
  );
  return isValid;
};

const describeConnection = ({ tookMs, clockSkewMs, notes, tenant }: ConnectionCheck): string =>
  [
    `answers in ${Math.round(tookMs)} ms`,
    ...(tenant === undefined ? [] : [`  tenant ${tenant}`]),
    ...(clockSkewMs === null ? ['  tells no time (no Date header)'] : [`  its clock is ${Math.round(clockSkewMs / 1000)} s ahead of ours`]),
    ...notes.map((note) => `  ${note}`),
  ].join('\n');

const describeFinding = ({ level, what, text }: Finding): string => `  ${level.padEnd(8)} ${what.padEnd(9)} ${text}`;

/** Many integration users may read records and not what fields there are: that is no reason to stop. */
const fieldsOf = async (reader: TableReader, { output, signal }: ConnectorContext): Promise<FieldList | null> => {
  try {
    return (await reader.listFields?.(signal)) ?? null;
  } catch (error) {
    if (signal.aborted || !isAppError(error)) throw error;
    const { code, message } = error;
    output.say(
      'noFields',
      { table: reader.table, code, problem: message },
      `${message}\n  Fields are judged by the records that are read.`,
    );
    return null;
  }
};

/** Schema and lint with lines, “Test connection”, and a first look at each table. */
export const checkCommand = async (
  options: SourceOptions & { readonly offline: boolean },
  context: ConnectorContext,
): Promise<ExitCode> => {
  const { output, signal } = context;
  const { file } = findSource(options, context);
  if (file !== null && !(await checkManifest(file, context))) return exitCodes.usage;
  if (options.offline) return exitCodes.done;
  const { source, manifest, close } = await openSource(options, context);
  try {
    const checked = await source.connector.check(signal);
    output.say('checked', { ...checked }, describeConnection(checked));
    let hasProblem = false;
    for (const [name, table] of readyTables(manifest)) {
      const reader = source.connector.table(name);
      const schema = await fieldsOf(reader, context);
      const findings = judgeSample(await takeSample(table, reader, signal, schema));
      hasProblem ||= findings.some(({ level }) => level === 'problem');
      output.say('looked', { table: name, findings: [...findings] }, [name, ...findings.map(describeFinding)].join('\n'));
    }
    return hasProblem ? exitCodes.partial : exitCodes.done;
  } finally {
    await close();
  }
};
