import { untilAborted } from '../abort.ts';
import type { Clock } from '../runtime.ts';

/** An admin who lengthens a column or imports the solution need not restart us. */
const freshForMs = 15 * 60_000;

interface Entry<Value> {
  readonly answer: Promise<Value>;
  readonly readAtMs: number;
}

/** What seldom changes in an environment, by name: asked once for all who ask at a time, and again after a while. Failures are not kept. */
export class FreshCache<Value> {
  readonly #ask: (name: string, signal: AbortSignal) => Promise<Value>;
  readonly #clock: Clock;
  readonly #closing: AbortSignal;
  readonly #entries = new Map<string, Entry<Value>>();

  constructor(options: {
    readonly ask: (name: string, signal: AbortSignal) => Promise<Value>;
    readonly clock: Clock;
    readonly closing: AbortSignal;
  }) {
    this.#ask = options.ask;
    this.#clock = options.clock;
    this.#closing = options.closing;
  }

  /** The next to ask is told anew. */
  forget(): void {
    this.#entries.clear();
  }

  async get(name: string, signal: AbortSignal): Promise<Value> {
    const nowMs = this.#clock.nowMs();
    const known = this.#entries.get(name);
    if (known !== undefined && nowMs - known.readAtMs < freshForMs) return untilAborted(known.answer, signal);
    // The question is everybody's: it ends with the process, not with the caller who happened to ask first.
    const entry: Entry<Value> = { answer: this.#ask(name, this.#closing), readAtMs: nowMs };
    this.#entries.set(name, entry);
    entry.answer.catch(() => {
      if (this.#entries.get(name) === entry) this.#entries.delete(name);
    });
    return untilAborted(entry.answer, signal);
  }
}
