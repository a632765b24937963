// Runs one of our programs under the pinned Node in the foreground, and ends when it ends.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { childEnvironment, pinnedNode } from './prepare.mjs';

/** At a terminal, Ctrl-C reaches every process of the foreground: passed on once more, it would cut the program off while it tidies up. */
const isAtTerminal = () => [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);

/** Its exit code, or as shells have it 128 + the signal's number. */
export const runNode = (args, { cwd, environment = {} } = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(pinnedNode, args, { cwd, stdio: 'inherit', env: { ...childEnvironment(), ...environment } });
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    // Listened to in any case: we end after the program, not before.
    process.on('SIGINT', () => isAtTerminal() || child.kill('SIGINT'));
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
