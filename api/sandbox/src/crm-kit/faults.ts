import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';

export interface Fault<Kind extends string = string> {
  readonly kind: Kind;
  /** How many of the next requests it strikes. */
  readonly count: number;
  /** Of kinds that answer with an error; without it there is no Retry-After. */
  readonly retryAfterSeconds?: number;
  /** Of `slow`: how long the answer waits. */
  readonly delayMs?: number;
  /** Only requests whose path begins with this, e.g. `/api/v1/people`. */
  readonly path?: string;
  /** So many requests that fit go through before the first is struck: trouble in the middle of a run. */
  readonly after?: number;
}

export interface FaultAnswer {
  readonly status: number;
  readonly body: string | object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What every CRM can do; the kinds that a CRM adds it answers itself. */
type KitKind = 'slow' | 'cutBody';

/** Trouble that was asked for, in the order it was asked for. */
export class Faults<Kind extends string> {
  readonly #struck = new WeakMap<object, Fault<Kind>>();
  #waiting: readonly Fault<Kind>[] = [];

  add(fault: Fault<Kind>): void {
    this.#waiting = [...this.#waiting, fault];
  }

  clear(): void {
    this.#waiting = [];
  }

  get waiting(): readonly Fault<Kind>[] {
    return this.#waiting;
  }

  /** Uses up one strike of the first fault that fits, or one of the requests that it lets pass. */
  strike(request: FastifyRequest): Fault<Kind> | undefined {
    const at = this.#waiting.findIndex((waiting) => request.url.startsWith(waiting.path ?? ''));
    const fault = this.#waiting[at];
    if (!fault) return undefined;
    const passes = fault.after ?? 0;
    if (passes > 0) {
      this.#waiting = this.#waiting.with(at, { ...fault, after: passes - 1 });
      return undefined;
    }
    this.#waiting = fault.count > 1 ? this.#waiting.with(at, { ...fault, count: fault.count - 1 }) : this.#waiting.toSpliced(at, 1);
    this.#struck.set(request.raw, fault);
    return fault;
  }

  /** Was this request struck by this kind? For kinds that a route must carry out itself, such as an empty page. */
  has(request: FastifyRequest, kind: Kind): boolean {
    return this.#struck.get(request.raw)?.kind === kind;
  }
}

const firstHalfOf = (payload: string): Readable =>
  Readable.from(
    (function* () {
      yield Buffer.from(payload).subarray(0, Math.floor(Buffer.byteLength(payload) / 2));
      throw new Error('This answer was asked to break off.');
    })(),
  );

const wait = (delayMs: number, until: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      until.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, delayMs);
    until.addEventListener('abort', done);
  });

interface StrikeOptions<Kind extends string> {
  readonly faults: Faults<Kind>;
  /** How this CRM says that it is overloaded, away, and so on. */
  readonly answers: Readonly<Partial<Record<Exclude<Kind, KitKind>, FaultAnswer>>>;
}

/** Lets the faults strike the routes that are added to this instance. */
export const strikeWith = <Kind extends string>(app: FastifyInstance, { faults, answers }: StrikeOptions<Kind>): void => {
  const answerOf = new Map<string, FaultAnswer>(
    Object.entries<FaultAnswer | undefined>(answers).flatMap(([kind, answer]) => (answer ? [[kind, answer]] : [])),
  );
  const cut = new WeakSet<object>();
  const stopped = new AbortController();
  app.addHook('preClose', async () => stopped.abort());

  app.addHook('onRequest', async (request, reply) => {
    const fault = faults.strike(request);
    if (!fault) return undefined;
    if (fault.kind === 'slow') await wait(fault.delayMs ?? 1_000, stopped.signal);
    if (fault.kind === 'cutBody') cut.add(request.raw);
    const answer = answerOf.get(fault.kind);
    if (!answer) return undefined;
    if (fault.retryAfterSeconds !== undefined) reply.header('retry-after', String(fault.retryAfterSeconds));
    return reply
      .status(answer.status)
      .headers(answer.headers ?? {})
      .send(answer.body);
  });

  // The whole length is promised and half is sent, as when a proxy dies in the middle.
  app.addHook('onSend', async (request, reply, payload) => {
    if (!cut.has(request.raw) || typeof payload !== 'string') return payload;
    reply.header('content-length', String(Buffer.byteLength(payload)));
    return firstHalfOf(payload);
  });
};
