import { createInterface } from 'node:readline/promises';

/** Asks a person who reads and types at a terminal. */
export const questionAtTerminal =
  (signal: AbortSignal) =>
  async (question: string): Promise<string> => {
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    // In front of a question Ctrl-C reaches only the terminal's reader.
    terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    try {
      return (await terminal.question(question, { signal })).trim();
    } finally {
      terminal.close();
    }
  };

/** Anything but a yes is a no. */
export const askAtTerminal = (signal: AbortSignal) => {
  const ask = questionAtTerminal(signal);
  return async (question: string): Promise<boolean> => /^y(es)?$/i.test(await ask(`${question} [y/N] `));
};
