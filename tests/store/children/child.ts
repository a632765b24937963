import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ChildOptions } from './options.ts';

export interface Child {
  readonly process: ChildProcess;
  /** What it says, line by line; ends with the process. */
  readonly lines: NodeJS.AsyncIterator<string>;
  /** Without a chance to clean up. */
  kill(): Promise<void>;
}

/** V8 would optimise the database's code for a long life in the background, which is two fifths of what a short one computes. */
const shortLife = '--liftoff-only';

/** A real process of its own, running one of the scripts in this folder. */
export const startChild = (script: string, options: ChildOptions, ...more: readonly string[]): Child => {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, ['--no-warnings', shortLife, path, JSON.stringify(options), ...more], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  return {
    process: child,
    lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
};

/** The next line, which the child must still say. */
export const nextLine = async ({ lines }: Child): Promise<string> => {
  const line = await lines.next();
  if (line.done === true) throw new Error('the child ended before it said more');
  return line.value;
};
