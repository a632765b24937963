import { setTimeout as delay } from 'node:timers/promises';
import { checks } from '../../crm/conformance/checks.ts';
import { runConformance } from '../../crm/conformance/run-conformance.ts';
import type { CheckResult, Verdict } from '../../crm/conformance/types.ts';
import type { TableName } from '../../crm/types.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { bulkDrivers } from '../../configured-drivers.ts';
import type { ConnectorContext } from './context.ts';
import { prepareSource } from './open-source.ts';
import { createPersonChanger } from './person-changer.ts';
import type { SourceOptions } from './source-options.ts';

export interface TestOptions extends Omit<SourceOptions, 'recording'> {
  readonly tables?: readonly TableName[];
  readonly only?: readonly string[];
  readonly limit: number;
  readonly interactive: boolean;
}

const signs: Readonly<Record<Verdict['verdict'], string>> = { passed: '✓', failed: '✗', notRun: '–' };
const widest = Math.max(...checks.map(({ id }) => id.length));
const indent = ' '.repeat(widest + 13);

/** `contact ✓ resume   A walk that is resumed after a page gives exactly the rest. (4 places)` */
export const describeResult = ({ table, check, promise, outcome }: CheckResult): string => {
  const head = `${(table ?? '').padEnd(8)} ${signs[outcome.verdict]} ${check.padEnd(widest)}  ${promise}`;
  if (outcome.verdict === 'passed') return outcome.note === undefined ? head : `${head} (${outcome.note})`;
  if (outcome.verdict === 'notRun') return `${head}\n${indent}not run: ${outcome.why}`;
  return `${head}\n${indent}${outcome.why}\n${indent}${outcome.advice}`;
};

/** Whether a connector keeps the promises that a sync relies on. Anything that fails is an exit code other than 0. */
export const testCommand = async (options: TestOptions, context: ConnectorContext): Promise<ExitCode> => {
  const { output, signal, person, clock } = context;
  const opened = await prepareSource(options, context);
  try {
    const results = await runConformance({
      manifest: opened.manifest,
      connection: {
        source: opened.source,
        credentials: opened.store?.credentials ?? null,
        drivers: bulkDrivers,
        clock,
        sleep: (ms, sleepSignal) => delay(ms, undefined, { signal: sleepSignal }),
      },
      limit: options.limit,
      ...(options.tables === undefined ? {} : { tables: options.tables }),
      ...(options.only === undefined ? {} : { only: options.only }),
      changer: options.interactive && person !== null ? createPersonChanger((question) => person.ask(question)) : null,
      signal,
      onResult: (result) => {
        const { table, check, promise, outcome } = result;
        output.say('check', { table, check, promise, ...outcome }, describeResult(result));
      },
    });
    const count = (verdict: Verdict['verdict']): number => results.filter(({ outcome }) => outcome.verdict === verdict).length;
    const counts = { passed: count('passed'), failed: count('failed'), notRun: count('notRun') };
    output.say('tested', counts, `${counts.passed} passed, ${counts.failed} failed, ${counts.notRun} not run`);
    return counts.failed === 0 ? exitCodes.done : exitCodes.failed;
  } finally {
    await opened.close();
  }
};

/** What to say about the first name that is no check; null when all are. */
export const findUnknownCheck = (names: readonly string[]): string | null => {
  const known = checks.map(({ id }) => id);
  const unknown = names.find((name) => !known.includes(name));
  return unknown === undefined ? null : `there is no check “${unknown}”. Checks are: ${known.join(', ')}.`;
};
