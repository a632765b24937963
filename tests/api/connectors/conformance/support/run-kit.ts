import { runConformance } from '../../../../../api/src/crm/conformance/run-conformance.ts';
import type { CheckResult, Verdict } from '../../../../../api/src/crm/conformance/types.ts';
import type { Subject } from '../subjects/subject.ts';

export const never: AbortSignal = new AbortController().signal;

export const runKit = (
  { manifest, connection, changer }: Pick<Subject, 'manifest' | 'connection' | 'changer'>,
  options: { readonly limit?: number; readonly only?: readonly string[] } = {},
): Promise<readonly CheckResult[]> =>
  runConformance({
    manifest,
    connection,
    changer,
    limit: options.limit ?? 2_000,
    ...(options.only === undefined ? {} : { only: options.only }),
    signal: never,
    onResult: () => undefined,
  });

const describe = (outcome: Verdict): string => {
  if (outcome.verdict === 'failed') return `${outcome.why} → ${outcome.advice}`;
  return outcome.verdict === 'notRun' ? outcome.why : (outcome.note ?? '');
};

/** `contact ties: why`, of those with this verdict. */
export const told = (results: readonly CheckResult[], verdict: Verdict['verdict']): readonly string[] =>
  results
    .filter(({ outcome }) => outcome.verdict === verdict)
    .map(({ table, check, outcome }) => `${table ?? 'crm'} ${check}: ${describe(outcome)}`);

/** The ids of checks with this verdict, by table. */
export const namesOf = (results: readonly CheckResult[], verdict: Verdict['verdict']): readonly string[] =>
  results.filter(({ outcome }) => outcome.verdict === verdict).map(({ table, check }) => `${table ?? 'crm'} ${check}`);
