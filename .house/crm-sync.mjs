#!/usr/bin/env node
// `crm-sync` at a terminal: prepares the checkout if need be, then hands over to the CLI under the pinned Node.
import { join } from 'node:path';
import { StepFailed, installPackages, rootFolder } from './prepare.mjs';
import { runNode } from './run-node.mjs';

try {
  installPackages();
  process.exitCode = await runNode([join(rootFolder, 'api/src/cli/main.ts'), ...process.argv.slice(2)]);
} catch (error) {
  if (!(error instanceof StepFailed)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
