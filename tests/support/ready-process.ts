import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const rootFolder = fileURLToPath(new URL('../..', import.meta.url));

export interface ReadyProcess<Ready> {
  /** The JSON line by which it said that it is ready. */
  readonly ready: Ready;
  readonly processId: number;
  /** Everything it has written to its standard output so far. */
  readonly output: () => string;
  /** Everything it has written to its standard error so far. */
  readonly errorOutput: () => string;
  /** Asks it to stop, and resolves with its exit code once it is gone; null when it had to be killed. */
  readonly stop: () => Promise<number | null>;
  /** As a power cut would end it: SIGKILL, no word before. */
  kill(): Promise<void>;
}

export interface ReadyProcessOptions {
  /** Node's arguments: a script's path from the project's root, then its own. */
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly readyWithinMs?: number;
}

const stopWithinMs = 5_000;

const parseReady = (line: string): unknown => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'ready' in value && value.ready === true ? value : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Starts a Node process and waits until it prints `{"ready":true,…}`.
 * It gets a pipe as standard input and is meant to stop when that closes: so it ends with us, even when we are killed.
 */
export const startReadyProcess = async <Ready>(options: ReadyProcessOptions): Promise<ReadyProcess<Ready>> => {
  const { args, environment = {}, readyWithinMs = 60_000 } = options;
  const child = spawn(process.execPath, args, {
    cwd: rootFolder,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let errors = '';
  let lines = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  // A child that is gone already must not fail the test that stops it.
  child.stdin.on('error', () => undefined);
  const { promise: gone, resolve: setGone } = Promise.withResolvers<void>();
  child.once('exit', () => setGone()).once('error', () => setGone());

  const stop = async (): Promise<number | null> => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    child.stdin.end();
    child.kill('SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
    await gone;
    clearTimeout(killer);
    return child.exitCode;
  };

  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };

  const { promise, resolve, reject } = Promise.withResolvers<Ready>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines += `${line}\n`;
    const ready = parseReady(line);
    if (ready !== undefined) resolve(ready as Ready);
  });
  child.on('error', reject);
  void gone.then(() =>
    reject(new Error(`${args.join(' ')} ended before it was ready (${child.exitCode ?? child.signalCode}):\n${errors}`)),
  );
  const timer = setTimeout(
    () => reject(new Error(`${args.join(' ')} was not ready within ${readyWithinMs} ms:\n${errors}`)),
    readyWithinMs,
  );
  try {
    return { ready: await promise, processId: child.pid ?? 0, output: () => lines, errorOutput: () => errors, stop, kill };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearTimeout(timer);
  }
};
