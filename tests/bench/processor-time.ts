import { readFileSync } from 'node:fs';

/** Linux tells all of this; elsewhere there is nothing to tell. */
const read = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
};

/** How long the main thread of a process could have run so far and had no processor, in ms. 0 where the system does not tell. */
export const waitedForProcessorMs = (processId: number): number => {
  const [, waitedNs] = read(`/proc/${processId}/schedstat`)?.split(' ') ?? [];
  return waitedNs === undefined ? 0 : Number(waitedNs) / 1e6;
};

/** What all of a process's threads have used so far, in ms; the system counts in steps of 10. */
export const processorTimeMs = (processId: number): number => {
  // Behind the name, which may hold spaces and brackets.
  const fields = read(`/proc/${processId}/stat`)?.split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10;
};

/** How much time all processors together have had so far, and how much of it they had nothing to do, in ms. */
export const allProcessors = (): { readonly totalMs: number; readonly idleMs: number } => {
  const times = (read('/proc/stat')?.split('\n')[0]?.split(/\s+/).slice(1, 9) ?? []).map((ticks) => Number(ticks) * 10);
  // user, nice, system, idle, waiting for a disk, …
  return { totalMs: times.reduce((sum, time) => sum + time, 0), idleMs: (times[3] ?? 0) + (times[4] ?? 0) };
};
