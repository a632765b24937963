import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Somebody who reads and types. */
export interface Person {
  /** An empty reply takes `usual`, which is shown. */
  ask(question: string, usual?: string): Promise<string>;
  /** What is typed is not shown, nor kept anywhere. */
  askSecret(question: string): Promise<string>;
  confirm(question: string): Promise<boolean>;
}

interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly signal: AbortSignal;
}

const question = async ({ input, output, signal }: Terminal, text: string, isShown: boolean): Promise<string> => {
  let isMuted = false;
  // Readline echoes by writing to its output: what goes nowhere is not shown.
  const echo = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (!isMuted) output.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input, output: isShown ? output : echo, terminal: true });
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const reply = lines.question(text, { signal });
    isMuted = true;
    return (await reply).trim();
  } finally {
    lines.close();
    if (!isShown) output.write('\n');
  }
};

export const atTerminal = (terminal: Terminal): Person => ({
  ask: async (text, usual) => {
    const reply = await question(terminal, usual === undefined || usual === '' ? `${text}: ` : `${text} [${usual}]: `, true);
    return reply === '' ? (usual ?? '') : reply;
  },
  askSecret: (text) => question(terminal, `${text} (not shown): `, false),
  confirm: async (text) => /^y(es)?$/i.test(await question(terminal, `${text} [y/N] `, true)),
});
