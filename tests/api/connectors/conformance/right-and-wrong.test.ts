import { repeatedPage } from '../../../../api/src/crm/conformance/checks/repeated-page.ts';
import { checks } from '../../../../api/src/crm/conformance/checks.ts';
import { isBench, openBench } from '../../../../api/src/crm/conformance/open-bench.ts';
import { openBeds } from '../../../../api/src/crm/conformance/open-beds.ts';
import type { CheckResult } from '../../../../api/src/crm/conformance/types.ts';
import type { TableReader } from '../../../../api/src/crm/types.ts';
import { faultsInChanges, faultsInTrouble } from './support/faults-in-trouble.ts';
import { type FaultyCrm, faultsOfReading } from './support/faults-of-reading.ts';
import { openPeopleCrm, type PeopleCrmOptions } from './support/people-of-a-crm.ts';
import { namesOf, never, runKit, told } from './support/run-kit.ts';

const run = async (options: PeopleCrmOptions, only?: readonly string[]): Promise<readonly CheckResult[]> => {
  const subject = await openPeopleCrm(options);
  try {
    return await runKit(subject, only === undefined ? {} : { only });
  } finally {
    await subject.close();
  }
};

const titled = (faults: readonly FaultyCrm[]) => faults.map((fault) => [fault.what, fault.check, fault] as const);
const everyFault = [...faultsOfReading, ...faultsInTrouble, ...faultsInChanges];

describe('the conformance kit', () => {
  it('finds nothing wrong with a CRM and a manifest that are right, and says what it could not try', async () => {
    const results = await run({});
    expect(told(results, 'failed')).toEqual([]);
    expect(namesOf(results, 'notRun')).toEqual([
      'contact total',
      'contact sweep',
      'contact parents',
      'contact ties',
      'contact changes-go-on',
    ]);
    expect(results).toHaveLength(checks.length + 2);
  });

  it.each(titled(everyFault))('notices that %s (%s)', async (_what, _check, { check, says, options }) => {
    const results = await run(options, [check]);
    const failures = told(
      results.filter(({ table }) => table !== 'account'),
      'failed',
    );
    expect(failures).toEqual([expect.stringMatching(says)]);
    expect(failures[0]).toContain(` ${check}: `);
  });

  // The guards against such lists cannot be switched off, so here the reader itself has none.
  it.each([
    ['goes round for ever', 'still going on after', true],
    ['ends as if it had been read', 'ended as if all had been read', false],
  ])('would notice if a CRM that repeats its first page made a walk that %s (repeated-page)', async (_what, says, isEndless) => {
    const subject = await openPeopleCrm();
    try {
      const options = { ...subject, limit: 2_000, signal: never };
      const bench = await openBench(options, openBeds(subject.manifest, subject.connection), 'contact');
      if (!isBench(bench)) throw bench.error ?? new Error('the list cannot be read');
      const { reader } = bench.small;
      const unguarded: TableReader = {
        ...reader,
        async *listAll(_from, signal) {
          for (let isFirst = true; isFirst || isEndless; isFirst = false)
            for await (const page of reader.listAll(null, signal)) {
              yield isEndless ? page : { ...page, next: null };
              break;
            }
        },
      };
      const outcome = await repeatedPage.run({ ...bench, small: { ...bench.small, reader: unguarded } });
      expect(outcome).toMatchObject({ verdict: 'failed', why: expect.stringContaining(says) });
    } finally {
      await subject.close();
    }
  });

  it('has a fault for each of its checks, so that none of them passes whatever happens', () => {
    const tried = new Set([...everyFault.map(({ check }) => check), repeatedPage.id]);
    expect(checks.map(({ id }) => id).filter((id) => !tried.has(id))).toEqual([]);
  });
});
