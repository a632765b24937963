import { AppError, isAppError } from '../../errors/app-error.ts';
import { type Meaning, meaningOf } from '../meaning.ts';
import type { DailyRequests } from '../pace/daily-requests.ts';
import { facetOf } from '../pace/facet.ts';
import type { Gate } from '../pace/gate.ts';
import type { Clock, Lane, Log, Random, Sleep } from '../runtime.ts';
import type { ApplicationUser } from './application-user.ts';
import { type ErrorAnswer, readErrorAnswer } from './error-answer.ts';
import { Patience, patienceOf, throttleWaitMs, triesWhenShaky } from './patience.ts';
import type { ServerClock } from './server-clock.ts';
import { type HttpAnswer, NetworkFailure, type Transport } from './transport.ts';

export const apiPath = '/api/data/v9.2/';

export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT';
  /** After `/api/data/v9.2/`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Made when the request really goes, so that what waits in the queue holds no body. */
  readonly body?: () => string | Buffer;
  readonly lane: Lane;
  /** How long to keep trying; the lane's own when left out. */
  readonly patience?: Lane;
  /** How many rows it carries; 1 when left out. Tells how long a row takes, and how much of a daily budget it uses. */
  readonly rows?: number;
  /** "Too much at once" is the caller's to answer with a smaller request; without it the same request is tried again. */
  readonly canSendLess?: boolean;
}

export interface Refusal {
  readonly isRefused: true;
  readonly error: ErrorAnswer;
  readonly meaning: Meaning;
}

/** Which application user a request went as: what it was told holds for that one. */
interface Sent {
  readonly as: ApplicationUser;
}

export interface Reply extends HttpAnswer, Sent {
  readonly isRefused: false;
}

interface NoAnswer {
  readonly unreachable: AppError;
  readonly isLasting: boolean;
}

interface Attempts {
  readonly patience: Patience;
  isTokenRenewed: boolean;
}

export interface CallerOptions {
  readonly origin: string;
  readonly transport: Transport;
  readonly gate: Gate<ApplicationUser>;
  readonly daily: DailyRequests;
  readonly clock: Clock;
  readonly serverClock: ServerClock;
  readonly random: Random;
  readonly sleep: Sleep;
  readonly log: Log;
}

// https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors
const standardHeaders = {
  accept: 'application/json',
  'odata-version': '4.0',
  'odata-maxversion': '4.0',
  'if-none-match': 'null',
  'user-agent': 'crm-sync',
};

const jsonType = { 'content-type': 'application/json; charset=utf-8' };

/**
 * One request to Dataverse, tried until there is an answer about the request itself. All that we send may be repeated, so an answer
 * that was lost is asked for again.
 *
 * The rule follows the SDK's: throttled → wait as told, every lane; 502 to 504 and no connection → back off; SQL errors → back off, few
 * times; 401 → one new token. Throws dataverse.unreachable, .failing, .rate_limited, .unauthorised when that comes to nothing.
 */
export class Caller {
  readonly #options: CallerOptions;
  readonly #host: string;
  constructor(options: CallerOptions) {
    this.#options = options;
    this.#host = new URL(options.origin).host;
  }

  async call(call: Call, signal: AbortSignal): Promise<Reply | Refusal> {
    const { clock, random } = this.#options;
    const attempts: Attempts = { patience: new Patience(patienceOf[call.patience ?? call.lane], random), isTokenRenewed: false };
    for (;;) {
      const answer = await this.#exchange(call, attempts.patience, signal);
      if ('unreachable' in answer) {
        await this.#waitAfterNoAnswer(answer, attempts.patience, signal);
        continue;
      }
      if (answer.status >= 200 && answer.status < 300) return { ...answer, isRefused: false };
      const error = readErrorAnswer(answer, answer.body.toString('utf8'), clock.nowMs());
      const refusal: Refusal = { isRefused: true, error, meaning: meaningOf(error) };
      if (!(await this.#waitForAnotherTry(refusal, answer.as, call, attempts, signal))) return refusal;
    }
  }

  async #waitAfterNoAnswer({ unreachable, isLasting }: NoAnswer, patience: Patience, signal: AbortSignal): Promise<void> {
    const waitMs = isLasting ? null : patience.nextTryAfterMs();
    if (waitMs === null) throw unreachable;
    this.#options.log.warn({ ...unreachable.details, tries: patience.failedTries, waitMs }, 'No answer; trying again');
    await this.#options.sleep(waitMs, signal);
  }

  /** False when the refusal is about the request itself, so that repeating it is no use. Throws when it is about neither. */
  async #waitForAnotherTry(
    { error, meaning }: Refusal,
    user: ApplicationUser,
    call: Call,
    attempts: Attempts,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { gate, log, random, sleep } = this.#options;
    const { patience } = attempts;
    const seen = { status: error.status, code: error.code, reference: error.reference, user: user.clientId };
    if (meaning === 'throttled') {
      const waitMs = throttleWaitMs(error, patience, random);
      log.warn({ ...seen, waitMs }, 'Dataverse throttles this user; every lane of it waits');
      // The wait itself is at the gate, where it also counts against this request's patience.
      gate.refused(user, facetOf(error), waitMs);
      return true;
    }
    if (meaning === 'signed_out') {
      if (attempts.isTokenRenewed) throw new AppError('dataverse.unauthorised', { problem: `HTTP ${error.status} ${error.code}`.trim() });
      attempts.isTokenRenewed = true;
      log.warn(seen, 'Dataverse refused the token; signing in again');
      return true;
    }
    const isPassing = meaning === 'busy' || meaning === 'shaky' || (meaning === 'too_much' && call.canSendLess !== true);
    if (!isPassing) {
      log.debug(seen, 'Dataverse refused a request');
      return false;
    }
    const maxTries = meaning === 'busy' ? Infinity : triesWhenShaky;
    const waitMs = patience.nextTryAfterMs({ retryAfterMs: error.retryAfterMs, maxTries });
    if (waitMs === null && meaning === 'busy') {
      throw new AppError('dataverse.failing', { problem: `HTTP ${error.status}`, tries: patience.failedTries });
    }
    if (waitMs === null) return false;
    log.warn({ ...seen, tries: patience.failedTries, waitMs }, 'Dataverse failed; trying again');
    await sleep(waitMs, signal);
    return true;
  }

  async #exchange(call: Call, patience: Patience, signal: AbortSignal): Promise<(HttpAnswer & Sent) | NoAnswer> {
    const { gate, transport, origin, clock, serverClock, daily } = this.#options;
    const rows = call.rows ?? 1;
    await daily.admit(call.lane, rows);
    const place = await gate.enter(call.lane, signal, (waitMs) => {
      if (!patience.allowsWait(waitMs)) throw new AppError('dataverse.rate_limited', { seconds: Math.ceil(waitMs / 1000) });
    });
    const { user } = place;
    try {
      const token = await user.credential.getToken(signal);
      const body = call.body?.();
      const used = { lane: call.lane, startedMs: clock.nowMs(), rows };
      daily.count(rows);
      try {
        const answer = await transport.exchange({
          method: call.method,
          url: `${origin}${apiPath}${call.path}`,
          headers: { ...standardHeaders, ...(body === undefined ? {} : jsonType), ...call.headers, authorization: `Bearer ${token}` },
          ...(body === undefined ? {} : { body }),
          signal,
        });
        serverClock.observe(answer.header('date'));
        if (answer.status !== 429) user.pace.used(used);
        const hint = Number(answer.header('x-ms-dop-hint'));
        if (Number.isFinite(hint) && hint >= 1) gate.hinted(user, hint);
        if (answer.status === 401) user.refuse(token);
        return { ...answer, as: user };
      } catch (error) {
        // The answer is lost; the time that it took Dataverse is used.
        user.pace.used(used);
        throw error;
      }
    } catch (error) {
      if (error instanceof NetworkFailure) {
        const unreachable = new AppError('dataverse.unreachable', { host: this.#host, problem: error.problem });
        return { unreachable, isLasting: error.isLasting };
      }
      // The sign-in's host may be down for a moment just as Dataverse may.
      if (isAppError(error, 'dataverse.unreachable')) return { unreachable: error, isLasting: false };
      throw error;
    } finally {
      place.leave();
    }
  }
}
