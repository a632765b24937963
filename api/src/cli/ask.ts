import { createInterface } from 'node:readline/promises';

/** Asks a person who reads and types at a terminal; anything but a yes is a no. */
export const askAtTerminal =
  (signal: AbortSignal) =>
  async (question: string): Promise<boolean> => {
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    // In front of a question Ctrl-C reaches only the terminal's reader.
    terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    try {
      const reply = await terminal.question(`${question} [y/N] `, { signal });
      return /^y(es)?$/i.test(reply.trim());
    } finally {
      terminal.close();
    }
  };
