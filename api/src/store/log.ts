/** The little that the store says to the log; a pino logger fits. */
export interface StoreLog {
  warn(details: object, message: string): void;
  info(details: object, message: string): void;
}

export const silentLog: StoreLog = { warn: () => undefined, info: () => undefined };
