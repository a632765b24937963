import { Lanes } from '../../../../api/src/dataverse/pace/lanes.ts';

const unlimited = Number.POSITIVE_INFINITY;

/** Lets so many requests be answered by a service that works on `capacity` rows at once and takes 10 ms for each. */
const answer = (lanes: Lanes, count: number, capacity: number, most = unlimited): void => {
  for (let index = 0; index < count; index += 1) lanes.answered(10 * Math.max(1, lanes.count / capacity), most);
};

describe('the number of lanes', () => {
  it('starts low, follows the hint, and never exceeds the configured most', () => {
    const lanes = new Lanes(10);
    expect(lanes.count).toBe(4);
    lanes.hinted(8);
    expect(lanes.count).toBe(8);
    lanes.hinted(200);
    expect(lanes.count).toBe(10);
    lanes.hinted(199);
    expect(lanes.count).toBe(9);
  });

  it('climbs above the hint while more lanes bring more rows a second, and stays where they bring none', () => {
    const lanes = new Lanes(50);
    lanes.hinted(4);
    answer(lanes, 8, 20);
    expect(lanes.count).toBe(5);
    // A quarter more in each round at the start: 6, 7, 8, 10, 12, 15, 18.
    answer(lanes, 8 * 4 + 10 + 12 + 15, 20);
    expect(lanes.count).toBe(18);
    answer(lanes, 2_000, 20);
    expect(lanes.count).toBeGreaterThanOrEqual(18);
    expect(lanes.count).toBeLessThanOrEqual(22);
  });

  it('comes down again when the service gets slower with every lane', () => {
    const lanes = new Lanes(50);
    lanes.hinted(16);
    answer(lanes, 20_000, 4);
    expect(lanes.count).toBeLessThanOrEqual(17);
  });

  it('halves when Dataverse refuses so many at once, never to none, and wins its lanes back one round at a time', () => {
    const lanes = new Lanes(50);
    lanes.hinted(16);
    lanes.refused();
    expect(lanes.count).toBe(8);
    lanes.hinted(16);
    expect(lanes.count).toBe(8);
    answer(lanes, 8, 50);
    expect(lanes.count).toBe(9);
    for (let burst = 0; burst < 8; burst += 1) lanes.refused();
    expect(lanes.count).toBe(1);
  });

  it('does not climb beyond what the budgets leave', () => {
    const lanes = new Lanes(50);
    lanes.hinted(8);
    answer(lanes, 1_000, 50, 10);
    expect(lanes.count).toBe(10);
  });
});
