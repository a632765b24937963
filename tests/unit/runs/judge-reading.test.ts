import { judgeReading } from '../../../api/src/runs/judge-reading.ts';
import { noCounts } from '../../../api/src/sync/counts.ts';

const judge = (read: number, recordsBefore: number | null, more: { failed?: number; isWhole?: boolean; acceptsFewer?: boolean } = {}) => {
  const { failed = 0, isWhole = true, acceptsFewer = false } = more;
  const counts = { ...noCounts, read, failed, written: read - failed };
  return judgeReading({ table: 'account', counts, isWhole, recordsBefore, acceptsFewer })?.code ?? null;
};

describe('what was read', () => {
  it.each([
    ['half as many as before', 50, 100, null],
    ['less than half', 49, 100, 'run.read_far_fewer'],
    ['less than half, but only nine fewer', 3, 12, null],
    ['none where there was one', 0, 1, 'run.read_nothing'],
    ['none where there was none', 0, 0, null],
    ['none the first time', 0, null, null],
  ])('is believed or not: %s', (_what, read, before, code) => expect(judge(read, before)).toBe(code));

  it('is believed whatever it is where only changes were asked for, or a person accepts it', () => {
    expect(judge(0, 1_000, { isWhole: false })).toBeNull();
    expect(judge(0, 1_000, { acceptsFewer: true })).toBeNull();
  });

  it('is not believed when most of it fails, also of changes, and unless it is a handful', () => {
    expect(judge(19, null, { failed: 10, isWhole: false })).toBe('run.most_failed');
    expect(judge(20, null, { failed: 10 })).toBeNull();
    expect(judge(9, null, { failed: 9 })).toBeNull();
    expect(judge(100, null, { failed: 60, acceptsFewer: true })).toBe('run.most_failed');
  });
});
