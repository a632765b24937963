import { compileCondition } from '../expression/compile.ts';
import type { ErrorRuleBody } from '../manifest/schema/connection.ts';
import type { JsonValue } from '../types.ts';
import { durationMs } from '../value/duration.ts';
import { decodeJson } from './decode-json.ts';

/** What to do with an answer. */
export type Meaning = 'ok' | ErrorRuleBody['do'];

export interface RawAnswer {
  readonly status: number;
  readonly body: Buffer;
}

export interface Interpretation {
  readonly meaning: Meaning;
  /** How long the manifest says to wait before the next try. */
  readonly waitMs: number | null;
}

const retriedStatuses = new Set([408, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524]);

/** By status alone, for what the manifest does not mention. */
const usualMeaning = (status: number): Meaning => {
  if (status >= 200 && status < 300) return status === 204 ? 'empty' : 'ok';
  if (status === 401) return 'unauthorised';
  if (status === 403) return 'forbidden';
  if (status === 404 || status === 410) return 'missing';
  if (status === 429) return 'rateLimited';
  return retriedStatuses.has(status) || status > 504 ? 'retry' : 'refuse';
};

interface Rule extends Interpretation {
  readonly fits: (answer: RawAnswer, json: () => JsonValue | undefined) => boolean;
}

const compileRule = ({ status, contains, when, do: meaning, wait }: ErrorRuleBody): Rule => {
  const statuses = status === undefined ? null : new Set([status].flat());
  const needle = contains === undefined ? null : Buffer.from(contains);
  const holds = when === undefined ? null : compileCondition(when);
  return {
    meaning,
    waitMs: wait === undefined ? null : durationMs(wait),
    fits: (answer, json) => {
      if (statuses !== null && !statuses.has(answer.status)) return false;
      if (needle !== null && !answer.body.includes(needle)) return false;
      if (holds === null) return true;
      const body = json();
      return body !== undefined && holds(body);
    },
  };
};

/** The first rule of the manifest that fits, else the usual meaning. `json` is asked only when a rule looks into the body. */
export const createInterpreter = (
  errors: readonly ErrorRuleBody[],
): ((answer: RawAnswer, json?: () => JsonValue | undefined) => Interpretation) => {
  const rules = errors.map(compileRule);
  return (answer, json = () => decodeJson(answer.body)) =>
    rules.find((rule) => rule.fits(answer, json)) ?? { meaning: usualMeaning(answer.status), waitMs: null };
};
