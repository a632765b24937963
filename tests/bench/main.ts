import { spawnSync } from 'node:child_process';
import { rootFolder } from '../support/ready-process.ts';

/**
 * `npm run bench [-- <part> [flags]]`: all parts one after the other, or one of them. Each stands beside a baseline of the same run, and
 * ends with 1 when a bound was missed.
 */
const parts: Readonly<Record<string, string>> = {
  map: 'tests/bench/map-records.ts',
  overhead: 'tests/bench/overhead.ts',
  verify: 'tests/bench/verify.ts',
  limits: 'tests/bench/limits/main.ts',
  workers: 'tests/bench/workers.ts',
  million: 'tests/bench/million.ts',
  webhooks: 'tests/bench/webhooks.ts',
  control: 'tests/bench/control.ts',
};

const [first, ...flags] = process.argv.slice(2);
const isAll = first === undefined || first.startsWith('-');
const chosen = isAll ? Object.values(parts) : [parts[first]];
for (const script of chosen) {
  if (script === undefined) {
    process.stderr.write(`There is no part "${first}". Parts: ${Object.keys(parts).join(', ')}.\n`);
    process.exitCode = 2;
    break;
  }
  const { status } = spawnSync(process.execPath, [script, ...(isAll ? [] : flags)], { cwd: rootFolder, stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
  process.stdout.write('\n');
}
