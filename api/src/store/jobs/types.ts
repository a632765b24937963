export type QueueName = 'run' | 'inbox' | 'removals' | 'failures';

export interface SendOptions {
  /** While such a job waits, a second one is not added. */
  readonly singletonKey?: string;
  /** Higher goes first; 0 when left out. */
  readonly priority?: number;
}

/** The queue, pg-boss on either database. A job may run again: its work must be safe to repeat. */
export interface Jobs {
  start(): Promise<void>;
  send(queue: QueueName, data: Readonly<Record<string, string>>, options?: SendOptions): Promise<void>;
  /** `signal` aborts when the process stops; the job is then given back, to be taken again by whoever is there. */
  work(queue: QueueName, handler: (data: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<void>): Promise<void>;
  /** Waits for the handlers to return, then stops. */
  stop(): Promise<void>;
}
