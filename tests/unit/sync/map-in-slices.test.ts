import { mapInSlices } from '../../../api/src/sync/map-in-slices.ts';

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_none, position) => position);

describe('mapping a page', () => {
  it('keeps every record in its order', async () => {
    for (const count of [0, 1, 100, 101, 500]) expect(await mapInSlices(numbers(count), String)).toEqual(numbers(count).map(String));
  });

  it('lets whoever knocks in the middle of a long one have a turn before its end', async () => {
    let mapped = 0;
    let mappedAtKnock = 0;
    setImmediate(() => {
      mappedAtKnock = mapped;
    });
    await mapInSlices(numbers(500), () => (mapped += 1));
    expect(mapped).toBe(500);
    expect(mappedAtKnock).toBeLessThan(500);
    expect(mappedAtKnock).toBeGreaterThan(0);
  });

  it('ends with what a record throws', async () => {
    await expect(
      mapInSlices(numbers(300), (number) => {
        if (number === 250) throw new Error('a mistake in a rule');
        return number;
      }),
    ).rejects.toThrow('a mistake in a rule');
  });
});
