/**
 * Fetches the next item while the consumer works on the present one: the CRM's answer travels while Dataverse writes.
 * Never more than one ahead, so memory stays that of two pages.
 */
export async function* readAhead<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  const iterator = items[Symbol.asyncIterator]();
  const advance = (): Promise<IteratorResult<Item>> => {
    const step = iterator.next();
    // The error is thrown where the item is awaited; until then it must not count as unhandled.
    step.catch(() => undefined);
    return step;
  };
  let ahead = advance();
  try {
    for (;;) {
      const step = await ahead;
      if (step.done === true) return;
      ahead = advance();
      yield step.value;
    }
  } finally {
    await ahead.catch(() => undefined);
    await iterator.return?.();
  }
}
