import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSolution } from './build-solution.ts';
import { readBuiltControl } from './built-control.ts';
import { SolutionProblem } from './problem.ts';

/** `npm run solution`: writes both packages to solution/dist and prints their paths. */
const root = fileURLToPath(new URL('../../', import.meta.url));

try {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
  const control = readBuiltControl(join(root, 'pcf-control', 'out', 'controls', 'SourceCrmSync'));
  const folder = join(root, 'solution', 'dist');
  mkdirSync(folder, { recursive: true });
  for (const isManaged of [true, false]) {
    const { name, bytes } = buildSolution({ control, packageVersion: version, isManaged });
    writeFileSync(join(folder, name), bytes);
    process.stdout.write(`solution/dist/${name}\n`);
  }
} catch (error) {
  if (!(error instanceof SolutionProblem)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
