import { describeEquation, describeFailures } from '../../../api/src/cli/describe.ts';
import { exitCodeOfRun } from '../../../api/src/cli/exit-codes.ts';

describe('what the terminal says', () => {
  it('is the run equation, without the parts that are nothing', () => {
    const counts = { read: 61_204, written: 1302, unchanged: 59_890, stale: 0, filtered: 0, failed: 12, withheld: 0 };
    expect(describeEquation(counts)).toBe('read 61,204 = written 1,302 + unchanged 59,890 + failed 12');
    expect(describeEquation({ ...counts, read: 0, written: 0, unchanged: 0, failed: 0 })).toBe('read 0 = written 0');
  });

  it('names the failed records and how many more there are', () => {
    const failures = [{ table: 'contact' as const, recordId: '7', code: '0x80044331', failureClass: 'data', reason: 'too long' }];
    expect(describeFailures(failures, 3)).toEqual(['  failed: contact 7: too long [0x80044331]', '  … and 2 more']);
  });

  it.each([
    ['succeeded', 0],
    ['failed', 1],
    ['partial', 3],
    ['suspicious', 4],
    ['cancelled', 130],
  ])('a run that is %s ends with exit code %i', (state, code) => expect(exitCodeOfRun(state)).toBe(code));
});
