import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const rootFolder = fileURLToPath(new URL('../../../../', import.meta.url));

export type JsonLine = Readonly<Record<string, unknown>>;

export class ChildFailed extends Error {}

export interface Child {
  /** The first JSON line on stdout that fits. Rejects with what the child said on stderr when it ends before. */
  firstLine<Line extends JsonLine>(fits: (line: JsonLine) => line is Line): Promise<Line>;
  /** Resolves with a sentence when the child has ended, for whatever reason. */
  readonly ended: Promise<string>;
  /** Asks it to drain and waits; after ten seconds it is killed. */
  stop(): Promise<void>;
}

const parse = (text: string): Readonly<Record<string, unknown>> | null => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
};

/** Runs one of our programs under the Node that runs this one. */
export const startChild = (name: string, args: readonly string[], environment: NodeJS.ProcessEnv): Child => {
  const child = spawn(process.execPath, args, { cwd: rootFolder, env: environment, stdio: ['pipe', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-4000);
  });
  const lines = createInterface({ input: child.stdout });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`The ${name} could not start: ${error.message}`));
    child.once('close', (code, signal) =>
      resolve(`The ${name} ended (${signal ?? code}).${complaints === '' ? '' : `\n${complaints.trim()}`}`),
    );
  });

  return {
    ended,
    firstLine: (fits) =>
      new Promise((resolve, reject) => {
        const look = (text: string): void => {
          const line = parse(text);
          if (line === null || !fits(line)) return;
          lines.off('line', look);
          resolve(line);
        };
        lines.on('line', look);
        void ended.then((sentence) => reject(new ChildFailed(sentence)));
      }),
    async stop() {
      const killer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(killer);
    },
  };
};
