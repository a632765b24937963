/** Works on so many at a time; the first failure stops the rest from being started and is thrown. Results in the order of the items. */
export const mapConcurrently = async <Item, Result>(
  items: readonly Item[],
  options: { readonly concurrency: number; readonly work: (item: Item) => Promise<Result> },
): Promise<readonly Result[]> => {
  const results = new Map<number, Result>();
  let next = 0;
  let hasFailed = false;
  const worker = async (): Promise<void> => {
    while (next < items.length && !hasFailed) {
      const position = next;
      next += 1;
      try {
        // The position is inside the list, so this is an item even where the type of items has undefined in it.
        results.set(position, await options.work(items[position] as Item));
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.concurrency, items.length) }, worker));
  return [...results].sort(([one], [other]) => one - other).map(([, result]) => result);
};
