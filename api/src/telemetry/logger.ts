import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { describeError } from './describe-error.ts';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';

export interface LoggerSettings {
  readonly level: LogLevel;
  /** `stderr` keeps stdout free for a command's own output. */
  readonly destination: 'stdout' | 'stderr' | DestinationStream;
}

/** A second lock: nothing of this kind is logged on purpose, and if it is one day, it is not readable. */
const secretPaths = [
  'authorization',
  'cookie',
  '["set-cookie"]',
  '["x-api-key"]',
  'apiKey',
  'password',
  'secret',
  'clientSecret',
  'token',
  'access_token',
];

const options = (level: LogLevel): LoggerOptions => ({
  level,
  base: undefined,
  timestamp: () => `,"time":"${new Date().toISOString()}"`,
  formatters: { level: (label) => ({ level: label }) },
  redact: {
    paths: secretPaths.flatMap((path) => {
      const inside = path.startsWith('[') ? path : `.${path}`;
      return [path, `*${inside}`, `*.*${inside}`];
    }),
    censor: '[redacted]',
  },
  serializers: { err: describeError, error: describeError },
});

/** JSON lines: one object a line, `level` and `time` as words. Written at once, so that the last line of a dying process is there. */
export const createLogger = ({ level, destination }: LoggerSettings): Logger => {
  if (typeof destination !== 'string') return pino(options(level), destination);
  return pino(options(level), pino.destination({ dest: destination === 'stdout' ? 1 : 2, sync: true }));
};
