import { untilAborted } from '../abort.ts';
import { type Clock } from '../runtime.ts';
import { type TableDescription } from '../types.ts';

/** An admin who lengthens a column or imports the solution need not restart us. */
const freshForMs = 15 * 60_000;

interface Entry {
  readonly description: Promise<TableDescription>;
  readonly readAtMs: number;
}

/** One description of a table at a time, however many ask; failures are not kept. */
export class TableCache {
  readonly #describe: (table: string, signal: AbortSignal) => Promise<TableDescription>;
  readonly #clock: Clock;
  readonly #closing: AbortSignal;
  readonly #entries = new Map<string, Entry>();

  constructor(options: {
    readonly describe: (table: string, signal: AbortSignal) => Promise<TableDescription>;
    readonly clock: Clock;
    readonly closing: AbortSignal;
  }) {
    this.#describe = options.describe;
    this.#clock = options.clock;
    this.#closing = options.closing;
  }

  /** The next to ask is told anew. */
  forget(): void {
    this.#entries.clear();
  }

  async describeTable(table: string, signal: AbortSignal): Promise<TableDescription> {
    const nowMs = this.#clock.nowMs();
    const known = this.#entries.get(table);
    if (known !== undefined && nowMs - known.readAtMs < freshForMs) return untilAborted(known.description, signal);
    // The question is everybody's: it ends with the process, not with the caller who happened to ask first.
    const entry: Entry = { description: this.#describe(table, this.#closing), readAtMs: nowMs };
    this.#entries.set(table, entry);
    entry.description.catch(() => {
      if (this.#entries.get(table) === entry) this.#entries.delete(table);
    });
    return untilAborted(entry.description, signal);
  }
}
