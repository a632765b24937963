import { randomUUID } from 'node:crypto';
import { AppError } from '../../errors/app-error.ts';
import { meaningOf } from '../meaning.ts';
import { type Facet, facetOf } from '../pace/facet.ts';
import type { Gate } from '../pace/gate.ts';
import { toAppError } from '../refusal.ts';
import type { Clock, Random, Sleep } from '../runtime.ts';
import type { ApplicationUser } from './application-user.ts';
import type { Call, Caller, Refusal } from './caller.ts';
import { readErrorAnswer } from './error-answer.ts';
import { type BatchPart, type BatchPartAnswer, batchContentType, readBatch, writeBatch } from './multipart.ts';
import { Patience, patienceOf, throttleWaitMs, triesWhenShaky } from './patience.ts';

export interface BatchSenderDeps {
  readonly caller: Caller;
  readonly gate: Gate<ApplicationUser>;
  readonly clock: Clock;
  readonly random: Random;
  readonly sleep: Sleep;
}

export interface BatchOptions extends Pick<Call, 'lane' | 'patience'> {
  readonly signal: AbortSignal;
}

export type PartReply = { readonly isRefused: false; readonly body: string } | Refusal;

/** A whole answer that does not fit its request is asked for again: it may have been cut off. */
const triesForWholeAnswer = 3;

interface SentAnswer extends BatchPartAnswer {
  readonly as: ApplicationUser;
}

interface Throttled {
  readonly as: ApplicationUser;
  readonly facet: Facet;
  readonly waitMs: number;
}

interface Pending {
  readonly part: BatchPart;
  readonly index: number;
}

/**
 * Sends requests together in one `$batch` with continue-on-error. Parts that were throttled or failed in passing are sent again, as a
 * request of their own would be; what comes back is an answer about each part itself.
 */
export class BatchSender {
  readonly #deps: BatchSenderDeps;

  constructor(deps: BatchSenderDeps) {
    this.#deps = deps;
  }

  /** At most 1,000 parts (Dataverse's bound), all of them repeatable; replies in their order. */
  async send(parts: readonly BatchPart[], options: BatchOptions): Promise<readonly PartReply[]> {
    const { gate, random, sleep, clock } = this.#deps;
    const patience = new Patience(patienceOf[options.patience ?? options.lane], random);
    const replies = new Array<PartReply>(parts.length);
    let pending: Pending[] = parts.map((part, index) => ({ part, index }));
    while (pending.length > 0) {
      const answers = await this.#sendOnce(
        pending.map(({ part }) => part),
        options,
      );
      const throttled: Pending[] = [];
      const shaky: Pending[] = [];
      let longest: Throttled | null = null;
      for (const [position, given] of pending.entries()) {
        const answer = answers[position];
        if (answer === undefined) throw new RangeError('a $batch gave fewer answers than it had requests');
        if (answer.status >= 200 && answer.status < 300) {
          replies[given.index] = { isRefused: false, body: answer.body };
          continue;
        }
        const error = readErrorAnswer(answer, answer.body, clock.nowMs());
        const meaning = meaningOf(error);
        replies[given.index] = { isRefused: true, error, meaning };
        if (meaning === 'throttled') {
          throttled.push(given);
          const waitMs = throttleWaitMs(error, patience, random);
          if (longest === null || waitMs > longest.waitMs) longest = { as: answer.as, facet: facetOf(error), waitMs };
        } else if (meaning === 'busy' || meaning === 'shaky' || meaning === 'too_much') shaky.push(given);
      }

      if (longest !== null) {
        gate.refused(longest.as, longest.facet, longest.waitMs);
        // Another application user may take the parts at once.
        const { pausedForMs } = gate;
        if (!patience.allowsWait(pausedForMs)) throw new AppError('dataverse.rate_limited', { seconds: Math.ceil(pausedForMs / 1000) });
      }
      pending = throttled;
      if (shaky.length === 0) continue;
      const waitMs = patience.nextTryAfterMs({ maxTries: triesWhenShaky });
      // Without another try their refusals stand as they are.
      if (waitMs === null) continue;
      pending = [...throttled, ...shaky];
      await sleep(waitMs, options.signal);
    }
    return replies;
  }

  async #sendOnce(parts: readonly BatchPart[], options: BatchOptions): Promise<readonly SentAnswer[]> {
    const { signal, ...queue } = options;
    for (let tries = 1; tries <= triesForWholeAnswer; tries += 1) {
      const boundary = `batch_${randomUUID()}`;
      const reply = await this.#deps.caller.call(
        {
          method: 'POST',
          path: '$batch',
          // Without it the first part that fails ends the batch.
          headers: { 'content-type': batchContentType(boundary), prefer: 'odata.continue-on-error' },
          body: () => writeBatch(parts, boundary),
          rows: parts.length,
          canSendLess: parts.length > 1,
          ...queue,
        },
        signal,
      );
      if (reply.isRefused) {
        if (reply.meaning !== 'too_much' || parts.length === 1) throw toAppError(reply);
        const middle = Math.ceil(parts.length / 2);
        const left = await this.#sendOnce(parts.slice(0, middle), options);
        return [...left, ...(await this.#sendOnce(parts.slice(middle), options))];
      }
      const answers = readBatch(reply.header('content-type'), reply.body.toString('utf8'));
      if (answers?.length === parts.length) return answers.map((answer) => ({ ...answer, as: reply.as }));
    }
    throw new AppError('dataverse.failing', { problem: 'a $batch answer that does not fit its request', tries: triesForWholeAnswer });
  }
}
