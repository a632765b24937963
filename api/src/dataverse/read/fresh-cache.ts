import { untilAborted } from '../abort.ts';
import type { Clock, Lane } from '../runtime.ts';

/** An admin who lengthens a column or imports the solution need not restart us. */
const freshForMs = 15 * 60_000;

/** How long to keep trying is the asker's: as a run does, or as somebody who waits for a click. */
export interface Question {
  readonly patience: Lane;
  readonly signal: AbortSignal;
}

interface Known<Value> {
  readonly value: Value;
  readonly askedMs: number;
}

type Ask<Value> = (name: string, question: Question) => Promise<Value>;

/**
 * What seldom changes in an environment, by name: asked once for all who ask at a time and would wait as long, and again after a while.
 * Failures are not kept, and a run does not share that of somebody who gave up before it would have.
 */
export class FreshCache<Value> {
  readonly #ask: Ask<Value>;
  readonly #clock: Clock;
  readonly #closing: AbortSignal;
  #known = new Map<string, Known<Value>>();
  #asking = new Map<string, Promise<Value>>();

  constructor(options: { readonly ask: Ask<Value>; readonly clock: Clock; readonly closing: AbortSignal }) {
    this.#ask = options.ask;
    this.#clock = options.clock;
    this.#closing = options.closing;
  }

  /** The next to ask is told anew. */
  forget(): void {
    // New ones: what is being asked now is no longer to be kept when it is answered.
    this.#known = new Map();
    this.#asking = new Map();
  }

  async get(name: string, { patience, signal }: Question): Promise<Value> {
    const askedMs = this.#clock.nowMs();
    const known = this.#known.get(name);
    if (known !== undefined && askedMs - known.askedMs < freshForMs) return known.value;
    const question = `${patience} ${name}`;
    const asking = this.#asking.get(question) ?? this.#begin(question, name, { patience, askedMs });
    return untilAborted(asking, signal);
  }

  #begin(question: string, name: string, { patience, askedMs }: { readonly patience: Lane; readonly askedMs: number }): Promise<Value> {
    const [known, asking] = [this.#known, this.#asking];
    // The question is everybody's: it ends with the process, not with the caller who happened to ask first.
    const answer = this.#ask(name, { patience, signal: this.#closing });
    asking.set(question, answer);
    const keep = (value: Value): void => void known.set(name, { value, askedMs });
    void answer.then(keep, () => undefined).then(() => asking.delete(question));
    return answer;
  }
}
