import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, Sleep } from '../../../api/src/dataverse/runtime.ts';

/** Time as a sandbox with a faster clock has it: at speed 10, five of its minutes are thirty of our seconds. */
export const scaledTime = (speed: number): { readonly clock: Clock; readonly sleep: Sleep } => {
  const startMs = Date.now();
  const started = performance.now();
  return {
    clock: { nowMs: () => Math.floor(startMs + (performance.now() - started) * speed) },
    sleep: async (waitMs, signal) => {
      await delay(waitMs / speed, undefined, { signal });
    },
  };
};
