import type { Exchange, Interpose, SentRequest } from '../http/exchange.ts';
import type { OperationName } from '../manifest/schema/parts.ts';
import type { KitTime } from './kit-time.ts';

/** Makes of a request and the CRM’s real answer (`ask`) what a CRM in trouble would answer. */
export type Distort = (request: SentRequest, ask: (request: SentRequest) => Promise<Exchange>) => Promise<Exchange>;

export interface Interposer {
  readonly interpose: Interpose;
  /** Distorts all answers until `work` is done. */
  during<Value>(distort: Distort, work: () => Promise<Value>): Promise<Value>;
}

/**
 * Between the connectors of a test and the real CRM. Waits that a distorted answer asks for are not waited for in earnest; all others are,
 * since the CRM is a real one and its budgets are too.
 */
export const createInterposer = (time: KitTime): Interposer => {
  let current: Distort | null = null;
  return {
    interpose: (exchange) => async (request, signal) => {
      time.wait();
      if (current === null) return exchange(request, signal);
      let isReal = false;
      const ask = (asked: SentRequest): Promise<Exchange> => {
        isReal = true;
        return exchange(asked, signal);
      };
      try {
        return await current(request, ask);
      } finally {
        if (!isReal) time.pretend();
      }
    },
    during: async (distort, work) => {
      current = distort;
      try {
        return await work();
      } finally {
        current = null;
        time.wait();
      }
    },
  };
};

/** A distortion that knows whether it had its chance. */
export interface Strike {
  readonly distort: Distort;
  count(): number;
}

/** Strikes some of the requests of one kind, counted from 1; a distortion that finds nothing to do answers null. */
export const strikeAt = (
  operation: OperationName,
  isStruck: (number: number) => boolean,
  strike: (...parts: Parameters<Distort>) => Promise<Exchange | null>,
): Strike => {
  let asked = 0;
  let strikes = 0;
  return {
    count: () => strikes,
    distort: async (request, ask) => {
      if (request.operation !== operation) return ask(request);
      asked += 1;
      if (!isStruck(asked)) return ask(request);
      // Counted before it is known: a strike may well be an error.
      strikes += 1;
      const answer = await strike(request, ask);
      if (answer !== null) return answer;
      strikes -= 1;
      return ask(request);
    },
  };
};
