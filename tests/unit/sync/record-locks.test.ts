import fc from 'fast-check';
import { createRecordLocks } from '../../../api/src/sync/record-locks.ts';

const contacts = { sourceId: 'northwind', table: 'contact' };

describe('a record that somebody works on', () => {
  it('is held by one at a time, whoever comes, and everybody gets a turn', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 }), { minLength: 1, maxLength: 12 }),
        async (wishes) => {
          const locks = createRecordLocks();
          const held = new Set<string>();
          let turns = 0;
          await Promise.all(
            wishes.map(async (keys) => {
              const release = await locks.hold(contacts, keys);
              for (const key of keys) {
                expect(held.has(key)).toBe(false);
                held.add(key);
              }
              await new Promise((resolve) => setImmediate(resolve));
              for (const key of keys) held.delete(key);
              turns += 1;
              release();
            }),
          );
          expect(turns).toBe(wishes.length);
        },
      ),
    );
  });

  it('does not keep another record waiting', async () => {
    const locks = createRecordLocks();
    await locks.hold(contacts, ['a']);
    await expect(locks.hold(contacts, ['b'])).resolves.toBeInstanceOf(Function);
  });

  it('does not keep a record of the same id in another table or source waiting', async () => {
    const locks = createRecordLocks();
    await locks.hold(contacts, ['a']);
    await expect(locks.hold({ ...contacts, table: 'account' }, ['a'])).resolves.toBeInstanceOf(Function);
    await expect(locks.hold({ ...contacts, sourceId: 'other' }, ['a'])).resolves.toBeInstanceOf(Function);
  });
});
