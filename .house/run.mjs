// One entry for every npm command: prepares what is missing, then runs the work under the pinned Node.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBrowser, ensurePostgres } from './machine.mjs';
import { StepFailed, buildControl, buildPanel, childEnvironment, installPackages, pinnedNode, rootFolder } from './prepare.mjs';

const bin = (...path) => join(rootFolder, 'node_modules', ...path);
const jest = ['--experimental-vm-modules', '--no-warnings', bin('jest/bin/jest.js'), '--config', join(rootFolder, 'tests/jest.config.mjs')];

const start = (args, extraEnvironment = {}) =>
  new Promise((resolve) => {
    const child = spawn(pinnedNode, args, { cwd: rootFolder, stdio: 'inherit', env: { ...childEnvironment(), ...extraEnvironment } });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.on('exit', (code, signal) => resolve(signal ? 1 : (code ?? 1)));
  });

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
  check: () =>
    inOrder(
      () => start(['.house/generate.mjs', '--check']),
      () => start([bin('typescript/bin/tsc'), '-p', '.']),
      () => start([bin('typescript/bin/tsc'), '-p', 'pcf-control']),
      () => start([bin('typescript/bin/tsc'), '-p', 'api/control-panel']),
      () => start([bin('eslint/bin/eslint.js'), '--config', '.house/eslint.config.mjs', '--max-warnings', '0', '.']),
      () =>
        start([
          bin('dependency-cruiser/bin/dependency-cruise.mjs'),
          '--config',
          '.house/import-directions.cjs',
          'api',
          'pcf-control',
          'solution',
          'tests',
        ]),
      () => start([bin('@biomejs/biome/bin/biome'), 'check']),
    ),
  format: () => start([bin('@biomejs/biome/bin/biome'), 'check', '--write']),
  generate: () => {
    buildControl();
    return start(['.house/generate.mjs']);
  },
  bench: (args) => start(['tests/bench/main.ts', ...args], testEnvironment()),
  solution: (args) => {
    buildControl();
    return start(['solution/src/main.ts', ...args]);
  },
  start: (args) => {
    buildPanel();
    return start(['api/src/main.ts', ...args]);
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
