import { AppError } from '../../errors/app-error.ts';
import type { TableName } from '../types.ts';
import { checks } from './checks.ts';
import { openBeds } from './open-beds.ts';
import { isBench, type KitOptions, openBench } from './open-bench.ts';
import { type Check, type CheckResult, notRun, passed, type TableBench, type Verdict } from './types.ts';
import { lengthOf } from './walk.ts';
import { failedBy } from './words.ts';

export interface ConformanceOptions extends KitOptions {
  /** All of the manifest’s when left out. */
  readonly tables?: readonly TableName[];
  /** Ids of checks; all when left out. */
  readonly only?: readonly string[];
  readonly onResult: (result: CheckResult) => void;
}

const answers = { check: 'answers', promise: 'The CRM answers and lets us in.' };
const list = { check: 'list', promise: 'The list of all records can be read.' };

/** An expected failure that a check did not expect is a failed check, and says itself what to do. */
const runCheck = async (check: Check, bench: TableBench): Promise<Verdict> => {
  try {
    return await check.run(bench);
  } catch (error) {
    bench.signal.throwIfAborted();
    if (error instanceof AppError) return failedBy(error);
    throw error;
  }
};

/**
 * Tests a connector against a CRM that answers. It only reads; what changes the CRM is `changer`, if there is one.
 * The results come in the order of the checks; an `AppError` is thrown only for settings that cannot be used.
 */
export const runConformance = async (options: ConformanceOptions): Promise<readonly CheckResult[]> => {
  const { manifest, connection, signal, only, onResult } = options;
  const results: CheckResult[] = [];
  const tell = (result: CheckResult): void => {
    results.push(result);
    onResult(result);
  };
  const beds = openBeds(manifest, connection);
  const wanted = checks.filter(({ id }) => only === undefined || only.includes(id));
  const giveUp = (table: TableName, why: string): void => {
    for (const { id, promise } of wanted) tell({ table, check: id, promise, outcome: notRun(why) });
  };

  const reached = await beds.usual.check(signal).then(
    ({ notes }) => passed(notes.join(' ') || undefined),
    (error: unknown) => {
      signal.throwIfAborted();
      if (error instanceof AppError) return failedBy(error);
      throw error;
    },
  );
  tell({ table: null, ...answers, outcome: reached });

  for (const name of beds.usual.tables.filter((table) => options.tables?.includes(table) ?? true)) {
    if (reached.verdict === 'failed') {
      giveUp(name, 'the CRM cannot be read');
      continue;
    }
    const bench = await openBench(options, beds, name);
    signal.throwIfAborted();
    if (!isBench(bench)) {
      const outcome = bench.error === null ? notRun('the list cannot be read') : failedBy(bench.error);
      tell({ table: name, ...list, outcome });
      giveUp(name, 'the list of all records cannot be read');
      continue;
    }
    const found = lengthOf(bench.reference);
    if (found === 0) {
      giveUp(name, 'the table is empty');
      continue;
    }
    const extent = bench.reference.isWhole ? '' : ', then --limit';
    tell({ table: name, ...list, outcome: passed(`${found.toLocaleString('en-US')} records${extent}`) });
    for (const check of wanted) tell({ table: name, check: check.id, promise: check.promise, outcome: await runCheck(check, bench) });
  }
  return results;
};
