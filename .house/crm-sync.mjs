#!/usr/bin/env node
// `crm-sync` at a terminal: prepares the checkout if need be, then hands over to the CLI under the pinned Node.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { StepFailed, childEnvironment, installPackages, pinnedNode, rootFolder } from './prepare.mjs';

try {
  installPackages();
  const result = spawnSync(pinnedNode, [join(rootFolder, 'api/src/cli/main.ts'), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: childEnvironment(),
  });
  process.exitCode = result.status ?? 1;
} catch (error) {
  if (!(error instanceof StepFailed)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
