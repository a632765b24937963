import type { LogLevel, LoggerSettings } from '../telemetry/logger.ts';
import { clearLine } from './progress-line.ts';

export interface CommandLog {
  /** Of the configuration. */
  readonly level: LogLevel;
  readonly isVerbose: boolean;
  /** Where the progress bar stands in front of a person, who reads the log on the same screen; null in a pipe. */
  readonly terminal: { write(text: string): unknown } | null;
}

const levelOf = ({ level, isVerbose, terminal }: CommandLog): LogLevel => {
  if (level !== 'info' && level !== 'warn') return level;
  return terminal === null || isVerbose ? 'warn' : 'error';
};

/**
 * The command's own output has stdout, so the log goes to stderr. A person is told how the run went by the command itself: a CRM
 * that is asked again is no news, unless wanted. What is logged all the same starts where the bar was, which is drawn anew after it.
 */
export const logSettingsOf = (log: CommandLog): LoggerSettings => {
  const { terminal } = log;
  return {
    level: levelOf(log),
    destination: terminal === null ? 'stderr' : { write: (text) => void terminal.write(clearLine + text) },
  };
};
