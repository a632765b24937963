import { expectedReads } from '../../api/control-panel/src/pages/run/expectedReads.ts';
import { groupFailures } from '../../api/control-panel/src/pages/run/groupFailures.ts';
import { counts, failure, part, run, runningRun } from './support/bodies.ts';

describe('how much a run will read', () => {
  const earlier = run({ id: 'earlier', counts: counts({ read: 1000 }) });

  it('is what the last full run of the same tables read', () => {
    const older = run({ id: 'older', counts: counts({ read: 900 }) });
    expect(expectedReads(runningRun(10), [runningRun(10), earlier, older])).toBe(1000);
  });

  it('is what the CRM says, as soon as it has said it of every table', () => {
    const parts = (contacts: number | undefined) => [
      { ...part('account', 'running'), expected: 40 },
      { ...part('contact', 'waiting'), expected: contacts },
    ];
    expect(expectedReads(runningRun(10, { parts: parts(60), mode: 'incremental' }), [])).toBe(100);
    expect(expectedReads(runningRun(10, { parts: parts(undefined) }), [])).toBeUndefined();
  });

  it.each([
    ['of other tables', { tables: ['account' as const] }],
    ['of another source', { sourceId: 'emea' }],
    ['that read only changes', { mode: 'incremental' as const }],
    ['that was cancelled', { state: 'cancelled' as const }],
    ['that is not over', { state: 'running' as const }],
  ])('is not judged by a run %s', (_, changes) => {
    expect(expectedReads(runningRun(10), [{ ...earlier, ...changes }])).toBeUndefined();
  });

  it('is unknown for an incremental run, and once more was read than ever', () => {
    expect(expectedReads(runningRun(10, { mode: 'incremental' }), [earlier])).toBeUndefined();
    expect(expectedReads(runningRun(1001), [earlier])).toBeUndefined();
  });
});

describe('failures', () => {
  it('are grouped by code, none is lost, and a group has the help of any of its records', () => {
    const failures = [
      failure('1', { code: '0x80040265', help: undefined }),
      failure('2'),
      failure('3', { help: undefined }),
      failure('4', { help: undefined }),
    ];
    expect(groupFailures(failures)).toEqual([
      { code: 'mapping.value_too_long', help: 'Shorten it in the CRM.', failures: failures.slice(1) },
      { code: '0x80040265', help: undefined, failures: failures.slice(0, 1) },
    ]);
  });
});
