// Brings a checkout to where its commands can run: packages installed as locked, faces built, browser and database there.
// Plain JavaScript for any Node from 18 on, since it runs before the pinned Node is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const rootFolder = dirname(dirname(fileURLToPath(import.meta.url)));
const stateFolder = join(rootFolder, '.house', 'state');
const isWindows = process.platform === 'win32';

/** The Node that runs our code: a pinned development dependency, whatever Node started us. */
export const pinnedNode = join(rootFolder, 'node_modules', 'node', 'bin', isWindows ? 'node.exe' : 'node');

/**
 * Node keeps what it has compiled of our TypeScript and of the libraries, which takes a third off the time of a start. In the checkout,
 * where nobody else may write: what is kept there is run. And all threads take memory from one pool (glibc): of pools of their own, which
 * the collector and the compiler hardly use, an API process in a bulk run is 20 MB larger, and no faster.
 */
const lighterProcesses = { NODE_COMPILE_CACHE: join(stateFolder, 'compile-cache'), MALLOC_ARENA_MAX: '1' };

export const childEnvironment = () => ({
  ...lighterProcesses,
  ...process.env,
  PATH: [dirname(pinnedNode), join(rootFolder, 'node_modules', '.bin'), process.env.PATH].join(isWindows ? ';' : ':'),
  PP_TOOLS_TELEMETRY_OPTOUT: '1',
});

export class StepFailed extends Error {}

export const run = (command, args, options = {}) => {
  const result = spawnSync(command, args, { cwd: rootFolder, stdio: 'inherit', env: childEnvironment(), ...options });
  if (result.error || result.status !== 0) {
    throw new StepFailed(`${command} ${args.join(' ')} ended with ${result.error?.message ?? result.signal ?? result.status}`);
  }
};

const say = (text) => process.stderr.write(`${text}\n`);

const fingerprintOf = (paths) => {
  const hash = createHash('sha256');
  const visit = (path) => {
    if (!existsSync(path)) return;
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) {
        if (!['node_modules', 'out', 'dist', 'generated', '.git'].includes(name) || path.endsWith(join('client', 'src')))
          visit(join(path, name));
      }
    } else hash.update(path.slice(rootFolder.length)).update(readFileSync(path));
  };
  paths.forEach((path) => visit(join(rootFolder, path)));
  return hash.digest('hex');
};

/** Does `work` unless it was done before for the same inputs and its output still stands. */
const oncePer = (name, inputs, output, work) => {
  const stamp = join(stateFolder, `${name}.stamp`);
  const fingerprint = fingerprintOf(inputs);
  if (existsSync(join(rootFolder, output)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint) return;
  work();
  mkdirSync(stateFolder, { recursive: true });
  writeFileSync(stamp, fingerprint);
};

export const installPackages = () =>
  oncePer('packages', ['package-lock.json'], 'node_modules/node/bin', () => {
    say('Installing packages …');
    const npm = process.env.npm_execpath;
    // As locked, and the lock stays as it is. Not `npm ci`: that refuses a lock made where some platforms' binaries are not to be had.
    const args = ['install', '--no-save', '--no-fund', '--no-audit', '--loglevel=error'];
    const environment = { ...process.env };
    if (npm) run(process.execPath, [npm, ...args], { env: environment });
    else run(isWindows ? 'npm.cmd' : 'npm', args, { env: environment, shell: isWindows });
    if (!existsSync(pinnedNode)) {
      throw new StepFailed(
        'The packages are installed, but the pinned Node is missing: install scripts seem to be switched off (npm config ignore-scripts). Allow them for this folder and try again.',
      );
    }
  });

const resolveFromRoot = (path) => createRequire(join(rootFolder, 'package.json')).resolve(path);

export const buildControl = () =>
  oncePer('control', ['pcf-control', 'api/client/src', 'package-lock.json'], 'pcf-control/out/controls/SourceCrmSync/bundle.js', () => {
    say('Building the control …');
    run(pinnedNode, [resolveFromRoot('pcf-scripts/bin/pcf-scripts.js'), 'rebuild', '--buildMode', 'production', '--skipBuildLinting'], {
      cwd: join(rootFolder, 'pcf-control'),
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  });

export const buildPanel = () =>
  oncePer(
    'panel',
    ['api/control-panel', 'api/client/src', 'pcf-control/ui', 'package-lock.json'],
    'api/control-panel/dist/index.html',
    () => {
      say('Building the control panel …');
      run(pinnedNode, [join(rootFolder, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], {
        cwd: join(rootFolder, 'api/control-panel'),
      });
    },
  );
