import { groupWhileBusy } from '../../../api/src/store/database/group-while-busy.ts';

describe('calls that go together while one is under way', () => {
  const open = (mostAtOnce = 10) => {
    const groups: (readonly string[])[] = [];
    const gates: PromiseWithResolvers<void>[] = [];
    const call = groupWhileBusy<string, string>(async (items) => {
      groups.push(items);
      const gate = Promise.withResolvers<void>();
      gates.push(gate);
      await gate.promise;
      if (items.includes('bad')) throw new Error('bad');
      return items.map((item) => item.toUpperCase());
    }, mostAtOnce);
    const openGates = async (): Promise<void> => {
      for (let turns = 0; turns < 20; turns += 1) {
        for (const gate of gates.splice(0)) gate.resolve();
        await new Promise(setImmediate);
      }
    };
    return { call, groups, openGates };
  };

  it('the first goes at once, the others together, and each gets its own result', async () => {
    const { call, groups, openGates } = open();
    const results = Promise.all(['a', 'b', 'c'].map(call));
    await openGates();
    expect(await results).toEqual(['A', 'B', 'C']);
    expect(groups).toEqual([['a'], ['b', 'c']]);
  });

  it('no more than so many go at once, in their order', async () => {
    const { call, groups, openGates } = open(2);
    const results = Promise.all(['a', 'b', 'c', 'd'].map(call));
    await openGates();
    await results;
    expect(groups).toEqual([['a'], ['b', 'c'], ['d']]);
  });

  it('one that fails takes no other along', async () => {
    const { call, openGates } = open();
    const results = Promise.allSettled(['a', 'b', 'bad', 'c'].map(call));
    await openGates();
    expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  });

  it('is ready for the next after all of them are done', async () => {
    const { call, groups, openGates } = open();
    for (const item of ['a', 'b']) {
      const result = call(item);
      await openGates();
      await result;
    }
    expect(groups).toEqual([['a'], ['b']]);
  });
});
