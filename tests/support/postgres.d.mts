/** A PostgreSQL server of one's own, gone after `stop()`. */
export function startPostgres(): Promise<{ readonly url: string; stop(): Promise<void> }>;
