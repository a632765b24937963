import { setTimeout as delay } from 'node:timers/promises';
import type { Sleep } from './runtime.ts';

const reasonOf = (signal: AbortSignal): Error =>
  signal.reason instanceof Error ? signal.reason : new DOMException('The work was called off', 'AbortError');

/** The shared work goes on for others when this caller's signal aborts: only this caller stops waiting. */
export const untilAborted = <Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> => {
  if (signal.aborted) {
    work.catch(() => {});
    return Promise.reject(reasonOf(signal));
  }
  return new Promise<Value>((resolve, reject) => {
    const onAbort = () => reject(reasonOf(signal));
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
};

export const sleepOnTimer: Sleep = async (waitMs, signal) => {
  try {
    await delay(waitMs, undefined, { signal });
  } catch (error) {
    // The timer's own AbortError hides why; callers tell a cancelled run from a closing process by the reason.
    throw signal.aborted ? reasonOf(signal) : error;
  }
};

/**
 * Does `work` for every item at once. When one throws, the others are called off and awaited first, so that nothing is still on its
 * way to Dataverse when the caller hears of it.
 */
export const allOrNone = async <Item, Value>(
  items: readonly Item[],
  signal: AbortSignal,
  work: (item: Item, signal: AbortSignal) => Promise<Value>,
): Promise<Value[]> => {
  const [only] = items;
  if (items.length === 1 && only !== undefined) return [await work(only, signal)];
  const calledOff = new AbortController();
  const either = AbortSignal.any([signal, calledOff.signal]);
  const failures: unknown[] = [];
  const values: Value[] = [];
  await Promise.all(
    items.map(async (item, index) => {
      try {
        values[index] = await work(item, either);
      } catch (error) {
        // Only the first is the cause; the others failed because it called them off.
        failures.push(error);
        calledOff.abort(error);
      }
    }),
  );
  if (failures.length > 0) throw failures[0];
  return values;
};
