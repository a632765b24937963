import { isWithheld } from '../../../api/src/runs/removal-guard.ts';

describe('the guard of removals', () => {
  it.each([
    [10, 10, false],
    [11, 1000, false],
    [100, 1000, false],
    [101, 1000, true],
    [11, 11, true],
  ])('%i removals of %i linked rows: withheld %s', (removals, linked, withheld) => expect(isWithheld(removals, linked)).toBe(withheld));
});
