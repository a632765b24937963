import type { SyncResultBody } from '../contract/records.ts';
import type { RunBody, RunDetailBody } from '../contract/runs.ts';
import { describeChanges, describeEquation, describeFailures, describePlannedChanges } from './describe.ts';
import { describeNotes } from './describe-runs.ts';
import type { Problem } from './describe-problem.ts';
import { clearLine, progressLine } from './progress-line.ts';

/** Where a command's results go: for a person at a terminal, or as JSON lines for the next program in a pipe. */
export interface Output {
  runMoved(run: RunBody): void;
  runFinished(detail: RunDetailBody): void;
  recordSynced(result: SyncResultBody): void;
  say(event: string, details: Readonly<Record<string, unknown>>, text: string): void;
  /** How long work goes: a person sees the newest, on one line. */
  progress(event: string, details: Readonly<Record<string, unknown>>, text: string): void;
  /** For the next program; a person reads the same on stderr. */
  failed(problem: Problem): void;
}

export interface OutputStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const createJsonOutput = (stream: OutputStream): Output => {
  const line = (event: string, details: object): void => {
    stream.write(`${JSON.stringify({ event, ...details })}\n`);
  };
  return {
    runMoved: (run) => line('progress', { run }),
    runFinished: ({ run, failures }) => line('finished', { run, failures }),
    recordSynced: (result) => line('synced', { result }),
    say: (event, details) => line(event, details),
    progress: (event, details) => line(event, details),
    failed: (problem) => line('error', problem),
  };
};

const createTerminalOutput = (stream: OutputStream): Output => {
  const print = (...lines: readonly string[]): void => {
    for (const text of lines) stream.write(`${text}\n`);
  };
  return {
    runMoved: (run) => void stream.write(clearLine + progressLine(run, stream.columns ?? 80)),
    runFinished({ run, failures }) {
      stream.write(clearLine);
      print(`Run ${run.id} ${run.state}${run.isDryRun ? ' (dry run: nothing was written)' : ''}`, describeEquation(run.counts));
      print(...describePlannedChanges(run.plannedChanges), ...describeFailures(failures, run.counts.failed));
      print(...describeNotes(run.notes));
      if (run.error !== undefined) print(run.error.title, run.error.help);
    },
    recordSynced: (result) => print(...describeChanges(result)),
    say(_event, _details, text) {
      stream.write(clearLine);
      print(text);
    },
    progress: (_event, _details, text) => void stream.write(clearLine + text.slice(0, Math.max(20, (stream.columns ?? 80) - 1))),
    failed: () => undefined,
  };
};

/** A person reads along, and wants words instead of JSON lines. */
export const isForPerson = (stream: Pick<OutputStream, 'isTTY'>, isJsonWanted: boolean): boolean => stream.isTTY === true && !isJsonWanted;

export const createOutput = (stream: OutputStream, isJsonWanted: boolean): Output =>
  isForPerson(stream, isJsonWanted) ? createTerminalOutput(stream) : createJsonOutput(stream);
