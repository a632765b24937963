// One entry for every npm command: prepares what is missing, then runs the work under the pinned Node.
import { join } from 'node:path';
import { ensureBrowser, ensurePostgres } from './machine.mjs';
import { apiArguments } from './api-process.mjs';
import { StepFailed, buildControl, buildPanel, installPackages, rootFolder } from './prepare.mjs';
import { runNode } from './run-node.mjs';

const bin = (...path) => join(rootFolder, 'node_modules', ...path);
const jest = ['--experimental-vm-modules', '--no-warnings', bin('jest/bin/jest.js'), '--config', join(rootFolder, 'tests/jest.config.mjs')];

const start = (args, environment = {}) => runNode(args, { cwd: rootFolder, environment });

const inOrder = async (...steps) => {
  for (const step of steps) {
    const code = await step();
    if (code !== 0) return code;
  }
  return 0;
};

const testEnvironment = () => {
  const postgresBinaries = ensurePostgres();
  return { CHROME_PATH: ensureBrowser(), ...(postgresBinaries ? { POSTGRES_BIN: postgresBinaries } : {}) };
};

const commands = {
  demo: (args) => {
    buildControl();
    buildPanel();
    return start(['api/sandbox/src/demo.ts', ...args]);
  },
  test: (args) => {
    const environment = testEnvironment();
    buildControl();
    buildPanel();
    return start(['.house/test.mjs', ...args], environment);
  },
  /** Only some tests, with jest's own options; builds nothing. */
  jest: (args) => start([...jest, ...args], testEnvironment()),
  check: () => {
    buildControl();
    const types = ['.', 'pcf-control', 'api/control-panel', 'tests/ui', 'tests/pcf', 'api/sandbox/src/form/page'];
    return inOrder(
      () => start(['.house/generate.mjs', '--check']),
      ...types.map((project) => () => start([bin('typescript/bin/tsc'), '--noEmit', '-p', project])),
      () => start([bin('eslint/bin/eslint.js'), '--config', '.house/eslint.config.mjs', '--max-warnings', '0', '.']),
      () =>
        start([
          bin('dependency-cruiser/bin/dependency-cruiser.mjs'),
          '--config',
          '.house/import-directions.cjs',
          'api',
          'pcf-control',
          'solution',
          'tests',
        ]),
      () => start([bin('@biomejs/biome/bin/biome'), 'check']),
    );
  },
  format: () => start([bin('@biomejs/biome/bin/biome'), 'check', '--write']),
  generate: () => {
    buildControl();
    return start(['.house/generate.mjs']);
  },
  /** `bench map` measures one step alone and needs no servers. */
  bench: (args) => {
    if (args.length === 0 || args[0] === 'control') buildControl();
    return start(['tests/bench/main.ts', ...args], testEnvironment());
  },
  solution: (args) => {
    buildControl();
    return start(['solution/src/main.ts', ...args]);
  },
  start: (args) => {
    buildPanel();
    return start([...apiArguments, ...args]);
  },
};

const [name, ...args] = process.argv.slice(2);
try {
  const command = commands[name];
  if (!command) throw new StepFailed(`There is no command "${name}". Commands: ${Object.keys(commands).join(', ')}.`);
  installPackages();
  process.exitCode = await command(args);
} catch (error) {
  if (!(error instanceof StepFailed)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
