// Runs every suite and ends with the one line of true totals.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Suites take ten minutes on two cores. One that never ends must not keep what the others found from being told. */
const longestRunMs = 40 * 60_000;

const folder = mkdtempSync(join(tmpdir(), 'crm-sync-test-'));
const report = join(folder, 'report.json');
try {
  const jest = spawnSync(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--no-warnings',
      'node_modules/jest/bin/jest.js',
      '--config',
      'tests/jest.config.mjs',
      '--json',
      `--outputFile=${report}`,
      ...process.argv.slice(2),
    ],
    { stdio: ['ignore', 'ignore', 'inherit'], timeout: longestRunMs, killSignal: 'SIGKILL' },
  );
  if (jest.error)
    process.stderr.write(`The suites did not end within ${longestRunMs / 60_000} minutes: one without a PASS or FAIL above hangs.\n`);
  let totals = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };
  try {
    totals = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    process.stderr.write('jest left no report\n');
  }
  // A suite that did not even load counts no test; it is a failure all the same.
  const brokenSuites = totals.testResults.filter((suite) => suite.status === 'failed' && suite.assertionResults.length === 0).length;
  const failed = totals.numFailedTests + brokenSuites + (totals.testResults.length === 0 ? 1 : 0);
  const skipped = totals.numPendingTests + totals.numTodoTests;
  process.stdout.write(`${totals.numPassedTests} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`);
  process.exitCode = failed > 0 ? 1 : (jest.status ?? 1);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
