import { writeFileSync } from 'node:fs';
import type { StartRunBody } from '../contract/runs.ts';
import type { VerifyStatementBody } from '../contract/statement.ts';
import { describeStatement } from '../contract/statement-text.ts';
import type { TableName } from '../crm/types.ts';
import { AppError } from '../errors/app-error.ts';
import { type CommandContext, followRun } from './commands.ts';
import { type ExitCode, exitCodeOfRun, exitCodes } from './exit-codes.ts';

export interface VerifyArguments {
  readonly source: string;
  readonly tables?: readonly TableName[];
  readonly repairs: boolean;
  /** Where the statement is kept: text when the name ends with .txt, else JSON. */
  readonly out?: string;
}

const writeStatement = (file: string, statement: VerifyStatementBody): void => {
  const text = file.toLowerCase().endsWith('.txt') ? describeStatement(statement) : `${JSON.stringify(statement, null, 2)}\n`;
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new AppError('cli.file_unwritable', {
      file,
      run: statement.runId,
      problem: error instanceof Error ? error.message : String(error),
    });
  }
};

/** Compares both sides, shows the statement and keeps it. Done only when they agree. */
export const verifyCommand = async (context: CommandContext, args: VerifyArguments): Promise<ExitCode> => {
  const { services, output } = context;
  const { source: sourceId, repairs, tables, out } = args;
  const request: StartRunBody = { sourceId, mode: 'verify', repairs, ...(tables === undefined ? {} : { tables: [...tables] }) };
  const detail = await followRun(context, request);
  output.runFinished(detail);
  const { id, state } = detail.run;
  if (state !== 'succeeded' && state !== 'partial') return exitCodeOfRun(state);
  const statement = await services.runs.statement(id);
  output.say('statement', { statement }, describeStatement(statement));
  if (out !== undefined) {
    writeStatement(out, statement);
    output.say('kept', { file: out }, `The statement is in ${out}`);
  }
  return statement.agrees ? exitCodes.done : exitCodes.partial;
};
