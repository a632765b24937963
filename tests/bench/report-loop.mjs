import { appendFileSync } from 'node:fs';
import { PerformanceObserver } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

/**
 * Loaded into a Node process before its own program: writes one JSON line every second, with how late a timer was each time it was due and how
 * long each collection of garbage stopped everything, in ms.
 */
const file = process.env.BENCH_LOOP_FILE;
const lookEveryMs = 10;
const writeEveryMs = 1_000;

if (file !== undefined && isMainThread) {
  let lateMs = [];
  let garbageMs = [];
  new PerformanceObserver((list) => garbageMs.push(...list.getEntries().map(({ duration }) => duration))).observe({ entryTypes: ['gc'] });
  const look = () => {
    const dueMs = performance.now() + lookEveryMs;
    setTimeout(() => {
      lateMs.push(Math.max(0, performance.now() - dueMs));
      look();
    }, lookEveryMs).unref();
  };
  look();
  setInterval(() => {
    appendFileSync(file, `${JSON.stringify({ atMs: performance.timeOrigin + performance.now(), lateMs, garbageMs })}\n`);
    lateMs = [];
    garbageMs = [];
  }, writeEveryMs).unref();
}
