import { Command } from 'commander';
import { registerConnectorCommands } from '../../../../api/src/cli/connector/register.ts';
import type { Person } from '../../../../api/src/cli/connector/ask-terminal.ts';
import type { ConnectorContext } from '../../../../api/src/cli/connector/context.ts';
import { createOutput } from '../../../../api/src/cli/output.ts';

export interface CommandRun {
  /** null: it threw. */
  readonly exitCode: number | null;
  readonly error: Error | null;
  /** Its JSON lines. */
  readonly lines: readonly Record<string, unknown>[];
  /** What a person reads instead, where `person` is given. */
  readonly text: string;
}

export interface CommandWorld {
  readonly environment?: Readonly<Record<string, string>>;
  readonly configFile?: string;
  readonly person?: Person;
  readonly clock?: ConnectorContext['clock'];
}

/** `crm-sync connector …` with all its options read as in earnest, in this process: a process of its own takes seconds. */
export const runConnector = async (args: readonly string[], world: CommandWorld = {}): Promise<CommandRun> => {
  let text = '';
  const { person = null, configFile = 'there-is-no.yaml', environment = {}, clock = { nowMs: () => Date.now() } } = world;
  const output = createOutput({ isTTY: person !== null, columns: 140, write: (more) => (text += more) }, false);
  let exitCode: number | null = null;
  const program = new Command('crm-sync').exitOverride().configureOutput({ writeErr: () => undefined });
  registerConnectorCommands(program, async (work) => {
    exitCode = await work({ output, signal: new AbortController().signal, person, environment, configFile, clock, columns: 140 });
  });
  const error = await program.parseAsync(['connector', ...args], { from: 'user' }).then(
    () => null,
    (problem: unknown) => (problem instanceof Error ? problem : new Error(String(problem))),
  );
  const lines = text.split('\n').filter((line) => line.startsWith('{'));
  return { exitCode, error, text, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
};
