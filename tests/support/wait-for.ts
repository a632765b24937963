/** Looks until what it sees fits; fails after `withinMs` with the last thing seen. For what another process does in its own time. */
export const waitFor = async <Value>(look: () => Promise<Value>, fits: (value: Value) => boolean, withinMs = 20_000): Promise<Value> => {
  const deadlineMs = Date.now() + withinMs;
  for (;;) {
    const value = await look();
    if (fits(value)) return value;
    if (Date.now() > deadlineMs) throw new Error(`did not come about within ${withinMs} ms; last seen: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
