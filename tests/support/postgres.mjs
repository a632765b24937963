// A PostgreSQL server of one's own: new data folder, private port, random password, gone after stop().
// Plain JavaScript, because jest's global set-up and the benchmark both start it.
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findPostgresBinaries } from '../../.house/machine.mjs';

const host = '127.0.0.1';
const startTimeoutMs = 60_000;

/** PostgreSQL refuses to run as root, so root lends it another account. */
const accountForServer = () => {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    try {
      const idOf = (flag) => Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: idOf('-u'), gid: idOf('-g') };
    } catch {
      // No such account: try the next.
    }
  }
  throw new Error('PostgreSQL does not run as root, and there is neither an account "postgres" nor "nobody" to run it as.');
};

const findFreePort = async () => {
  const probe = createServer().listen(0, host);
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
};

const createCluster = (binaries, folder, password, account) => {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account.uid !== undefined) for (const path of [folder, passwordFile]) chownSync(path, account.uid, account.gid);
  const options = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync'];
  execFileSync(join(binaries, 'initdb'), [`--pgdata=${join(folder, 'data')}`, ...options], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    ...account,
  });
};

const untilReady = async (server) => {
  const lines = [];
  const timer = setTimeout(() => server.kill('SIGKILL'), startTimeoutMs);
  const output = createInterface({ input: server.stderr });
  try {
    for await (const line of output) {
      lines.push(line);
      if (line.includes('database system is ready to accept connections')) return;
    }
  } finally {
    clearTimeout(timer);
    output.close();
  }
  throw new Error(`PostgreSQL did not start:\n${lines.slice(-20).join('\n')}`);
};

/**
 * Starts a server with fsync on, as a customer's would be.
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export const startPostgres = async () => {
  const binaries = findPostgresBinaries();
  if (!binaries) {
    throw new Error(
      'PostgreSQL is needed: install its server, set POSTGRES_BIN to the folder of its programs, or DATABASE_URL to a running one.',
    );
  }
  const account = accountForServer();
  const folder = mkdtempSync(join(tmpdir(), 'crm-sync-postgres-'));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  try {
    const password = randomBytes(16).toString('hex');
    createCluster(binaries, folder, password, account);
    const port = await findFreePort();
    const settings = { listen_addresses: host, port, unix_socket_directories: '', max_connections: 200, logging_collector: 'off' };
    const server = spawn(
      join(binaries, 'postgres'),
      ['-D', join(folder, 'data'), ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], ...account },
    );
    // SIGINT is PostgreSQL's "fast" shutdown: it does not wait for clients. An abandoned server would outlive us.
    const interrupt = () => server.kill('SIGINT');
    process.once('exit', interrupt);
    const ended = once(server, 'exit');
    await untilReady(server);
    server.stderr.resume();
    return {
      url: `postgres://postgres:${password}@${host}:${port}/postgres`,
      stop: async () => {
        process.removeListener('exit', interrupt);
        interrupt();
        await ended;
        removeFolder();
      },
    };
  } catch (error) {
    removeFolder();
    throw error;
  }
};
