import fc from 'fast-check';
import { divide } from '../../../api/src/crm/budget/divide.ts';

describe('a limit that processes divide', () => {
  const claims = fc.uniqueArray(
    fc.record({ id: fc.string({ minLength: 1, maxLength: 3 }), wants: fc.integer({ min: 0, max: 60 }), isPersonWaiting: fc.boolean() }),
    { selector: ({ id }) => id, maxLength: 8 },
  );

  it('is given out whole to those who want some, and nobody has less than they want while another has more than they', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), claims, fc.nat(100), (size, all, turn) => {
        const parts = divide(size, all, turn);
        const asking = all.filter(({ wants }) => wants > 0);
        expect([...parts.values()].reduce((sum, part) => sum + part, 0)).toBe(asking.length === 0 ? 0 : size);
        const partOf = (id: string) => parts.get(id) ?? 0;
        for (const { id, wants } of all) {
          if (wants === 0) expect(partOf(id)).toBe(0);
          if (wants > partOf(id)) for (const other of asking) expect(partOf(other.id)).toBeLessThanOrEqual(partOf(id) + 1);
        }
      }),
    );
  });

  it('goes round where there is less than one for each, and first to whom a person waits for', () => {
    const claim = (id: string, isPersonWaiting = false) => ({ id, wants: 1, isPersonWaiting });
    const winners = (all: Parameters<typeof divide>[1]) =>
      [0, 1, 2].map((turn) => [...divide(1, all, turn)].find(([, part]) => part === 1)?.[0]);
    expect(winners([claim('a'), claim('b'), claim('c')])).toEqual(['a', 'b', 'c']);
    expect(winners([claim('a'), claim('b', true), claim('c')])).toEqual(['b', 'b', 'b']);
  });
});
