import { shouldMakeRoom } from '../../../api/src/runs/watch-run.ts';

const shares = (own: number, other: number, isWaiting = true) => [
  { sourceId: 'own', workers: own, isWaiting: true },
  { sourceId: 'other', workers: other, isWaiting },
];
const soon = 1_000;
const long = 61_000;

describe('a worker makes room for another source', () => {
  it('when its own has at least two more than one that waits', () => {
    expect(shouldMakeRoom('own', shares(2, 0), soon)).toBe(true);
    expect(shouldMakeRoom('own', shares(5, 3), soon)).toBe(true);
    expect(shouldMakeRoom('own', shares(3, 2), soon)).toBe(false);
  });

  it('when it had its minute and the other one would have no more than its own has now', () => {
    expect(shouldMakeRoom('own', shares(1, 0), soon)).toBe(false);
    expect(shouldMakeRoom('own', shares(1, 0), long)).toBe(true);
    expect(shouldMakeRoom('own', shares(2, 2), long)).toBe(false);
  });

  it('never for one that waits for nothing, nor for its own source', () => {
    expect(shouldMakeRoom('own', shares(20, 0, false), long)).toBe(false);
    expect(shouldMakeRoom('own', [{ sourceId: 'own', workers: 20, isWaiting: true }], long)).toBe(false);
  });
});
