interface Waiting<Item, Result> {
  readonly item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/**
 * While one call is under way, those that come wait and go together as the next one. Alone each goes at once; a hundred at a time cost two or
 * three statements, and as many commits, in place of a hundred.
 *
 * `work` gives a result for each item, in their order. When it fails for several, each is tried alone, so that none fails for another's sake.
 */
export const groupWhileBusy = <Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
  mostAtOnce: number,
): ((item: Item) => Promise<Result>) => {
  const queue: Waiting<Item, Result>[] = [];
  let isBusy = false;

  const settle = async (group: readonly Waiting<Item, Result>[]): Promise<void> => {
    try {
      const results = await work(group.map(({ item }) => item));
      if (results.length !== group.length) throw new Error(`${results.length} results were given for ${group.length} items`);
      results.forEach((result, index) => group[index]?.resolve(result));
    } catch (error) {
      if (group.length > 1) for (const one of group) await settle([one]);
      else for (const one of group) one.reject(error);
    }
  };

  const run = async (): Promise<void> => {
    while (queue.length > 0) await settle(queue.splice(0, mostAtOnce));
    isBusy = false;
  };

  return (item) =>
    new Promise((resolve, reject) => {
      queue.push({ item, resolve, reject });
      if (isBusy) return;
      isBusy = true;
      void run();
    });
};
