import { AppError } from '../../errors/app-error.ts';
import type { JsonValue, Urgency } from '../types.ts';
import type { HostPolicy } from './allowed-hosts.ts';
import type { OperationName } from '../manifest/schema/parts.ts';
import type { SignIn } from '../sign-in/sign-in.ts';
import type { Interpretation, Interpreter } from './answer-meaning.ts';
import { connectionFailure } from './connection-problem.ts';
import type { CrmClock } from './crm-clock.ts';
import { type AnswerFormat, decodeAnswer, decodeText, formatOf, readAsText } from './decode-answer.ts';
import { createExchanger, type Exchange, type Exchanger, type ExchangerOptions } from './exchange.ts';
import type { QuotaReader } from './quota.ts';
import type { RequestGate } from './request-gate.ts';
import { backOffMs, readRetryAfterMs } from './retry-delay.ts';

export type { CreateAxios } from './exchange.ts';

/** Who is told to wait longer than this has better things to do: the run stops and is resumed later. */
const maxWaitMs = 15 * 60_000;

export interface CrmRequest {
  readonly method: 'GET' | 'POST' | 'DELETE' | 'PUT' | 'PATCH';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly operation: OperationName;
  /** For messages: never the address itself, which holds ids and keys. */
  readonly what: string;
  /** Statuses that end a list or say that a record is missing, whatever they mean elsewhere. */
  readonly missingStatuses: ReadonlySet<number>;
  readonly urgency: Urgency;
  /** The answer is text and stays so, unless it says that it is JSON or XML; without this such an answer is an error. */
  readonly takesText?: true;
}

export interface CrmAnswer {
  /**
   * missing: there is no such record or page. empty: the CRM says that there is nothing. splitWindow, restart: the way the list is
   * read has to change.
   */
  readonly meaning: 'ok' | 'missing' | 'empty' | 'splitWindow' | 'restart';
  readonly status: number;
  readonly body: JsonValue;
  readonly format: AnswerFormat;
  /** Lower-case name; several of one name are joined, but not cookies. */
  readonly header: (name: string) => string | undefined;
  readonly cookies: readonly string[];
}

export interface CrmHttp {
  /** Throws AppErrors of the family `crm.`; the signal's reason when aborted. */
  send(request: CrmRequest, signal: AbortSignal): Promise<CrmAnswer>;
}

export interface CrmHttpOptions extends ExchangerOptions {
  readonly sourceId: string;
  readonly maxTries: number;
  readonly policy: HostPolicy;
  readonly signIn: SignIn;
  readonly interpret: Interpreter;
  /** What answers are whatever they say; null: by their content type. */
  readonly answers: AnswerFormat | null;
  readonly quota: QuotaReader;
  readonly gate: RequestGate;
  readonly crmClock: CrmClock;
  readonly nowMs: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly random: () => number;
}

export const createCrmHttp = (options: CrmHttpOptions): CrmHttp => {
  const { sourceId: source, policy, gate, crmClock, nowMs, sleep, random, maxTries } = options;
  const ask = createExchanger(options);

  const exchange: Exchanger = async (request, signal) => {
    const sentMs = nowMs();
    const answer = await ask(request, signal);
    crmClock.observe({ date: answer.header('date'), age: answer.header('age') }, sentMs, nowMs());
    return answer;
  };

  const checkHost = (url: string): string => {
    const parsed = URL.parse(url);
    const refusal = parsed === null ? 'host' : policy.refusal(parsed);
    const host = parsed?.host ?? '(no address)';
    if (refusal === 'host') throw new AppError('crm.host_refused', { source, host });
    if (refusal === 'private') throw new AppError('crm.private_address', { source, host });
    return host;
  };

  /** null: worth another try. */
  const settle = (
    request: CrmRequest,
    { status, body, header, cookies }: Exchange,
    { meaning, say }: Interpretation,
    json: () => JsonValue | undefined,
  ): CrmAnswer | null => {
    const { what } = request;
    const answer = (kind: CrmAnswer['meaning'], value: JsonValue): CrmAnswer => ({
      meaning: kind,
      status,
      body: value,
      format: formatOf(header('content-type'), options.answers),
      header,
      cookies,
    });
    const explained = say === undefined ? null : new AppError('crm.explained_refusal', { source, what, status, meaning: say });
    if (request.missingStatuses.has(status) && meaning !== 'ok') return answer('missing', null);
    switch (meaning) {
      case 'ok': {
        const value = json();
        if (value !== undefined) return answer('ok', value);
        throw new AppError('crm.bad_answer', {
          source,
          what,
          problem: `${body.includes('<html') ? 'it is a web page, not' : 'it is not'} ${request.takesText === true ? 'UTF-8' : formatOf(header('content-type'), options.answers).toUpperCase()}`,
        });
      }
      case 'empty':
        return answer('empty', null);
      case 'retry':
      case 'rateLimited':
        return null;
      case 'splitWindow':
      case 'restart':
        return answer(meaning, null);
      case 'expired':
        throw new AppError('crm.history_expired', { source, what });
      case 'signInAgain':
      case 'unauthorised':
        throw new AppError('crm.unauthorised', { source, status });
      case 'forbidden':
        throw explained ?? new AppError('crm.forbidden', { source, what, status });
      case 'missing':
        return answer('missing', null);
      case 'refuse':
        if (status >= 300 && status < 400) {
          throw new AppError('crm.bad_answer', {
            source,
            what,
            problem: `it leads elsewhere (HTTP ${status}), and redirects are not followed; use the final address`,
          });
        }
        throw explained ?? new AppError('crm.refused', { source, what, status });
    }
  };

  const giveUp = (isRateLimit: boolean, status: number, tries: number): AppError =>
    isRateLimit ? new AppError('crm.rate_limited', { source }) : new AppError('crm.failing', { source, status, tries });

  const pause = async (waitMs: number, isForAll: boolean, signal: AbortSignal): Promise<void> => {
    if (isForAll) gate.rest(nowMs() + waitMs);
    await sleep(waitMs, signal);
  };

  const failConnection = (error: unknown, request: CrmRequest, host: string): AppError => {
    const failure = connectionFailure(error);
    if (failure?.kind === 'private') return new AppError('crm.private_address', { source, host });
    if (failure?.kind === 'too large')
      return new AppError('crm.bad_answer', { source, what: request.what, problem: 'it is larger than 64 MB; ask for smaller pages' });
    return new AppError('crm.unreachable', { source, host, problem: failure?.problem ?? 'the request could not be made' });
  };

  const tryOnce = async (request: CrmRequest, host: string, signal: AbortSignal): Promise<Exchange | AppError> => {
    const leave = await gate.enter({ urgency: request.urgency, operation: request.operation, signal });
    try {
      return await exchange(request, signal);
    } catch (error) {
      signal.throwIfAborted();
      return failConnection(error, request, host);
    } finally {
      leave();
    }
  };

  /** A budget that is full again only much later: the run stops and is resumed, instead of holding a worker for hours. */
  const mindBudget = ({ urgency }: CrmRequest): void => {
    if (gate.restsForMs(urgency) > maxWaitMs) throw new AppError('crm.rate_limited', { source });
  };

  return {
    send: async (request, signal) => {
      let hasSignedInAgain = false;
      for (let tries = 1; ; tries += 1) {
        mindBudget(request);
        const signed = await options.signIn.apply(request, signal);
        const host = checkHost(signed.request.url);
        const outcome = await tryOnce(signed.request, host, signal);
        if (outcome instanceof AppError) {
          if (!outcome.isRetryable || tries >= maxTries) throw outcome;
          await pause(backOffMs(tries, random), false, signal);
          continue;
        }
        const { rest, told } = options.quota(outcome.header, crmClock.nowMs());
        if (told.length > 0) gate.told(told);
        if (rest !== null) gate[rest.isSpent ? 'rest' : 'spare'](nowMs() + rest.ms);
        const type = outcome.header('content-type');
        const isText = request.takesText === true && readAsText(type);
        const json = once(() => (isText ? decodeText(outcome.body) : decodeAnswer(outcome.body, formatOf(type, options.answers))));
        const interpretation = options.interpret({ ...outcome, operation: request.operation }, json, crmClock.nowMs());
        if (interpretation.meaning === 'signInAgain' && !hasSignedInAgain) {
          hasSignedInAgain = true;
          if (await options.signIn.renew(signed, signal)) continue;
        }
        const answer = settle(request, outcome, interpretation, json);
        if (answer !== null) return answer;
        const isRateLimit = interpretation.meaning === 'rateLimited';
        const askedMs = readRetryAfterMs(outcome.header('retry-after'), crmClock.nowMs()) ?? interpretation.waitMs;
        if (tries >= maxTries || (askedMs ?? 0) > maxWaitMs) throw giveUp(isRateLimit, outcome.status, tries);
        await pause(askedMs ?? backOffMs(tries, random), isRateLimit || askedMs !== null, signal);
      }
    },
  };
};

const once = <Value>(make: () => Value): (() => Value) => {
  let made: { readonly value: Value } | null = null;
  return () => (made ??= { value: make() }).value;
};
