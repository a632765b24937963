import { compileCondition, compilePath } from '../expression/compile.ts';
import type { ErrorRuleBody, WaitBody } from '../manifest/schema/http.ts';
import type { OperationName } from '../manifest/schema/parts.ts';
import type { JsonValue } from '../types.ts';
import { durationMs } from '../value/duration.ts';
import { decodeJson } from './decode-json.ts';
import { readWaitMs } from './instant-header.ts';

/** What to do with an answer. */
export type Meaning = 'ok' | ErrorRuleBody['do'];

export interface RawAnswer {
  readonly status: number;
  readonly body: Buffer;
  readonly header?: (name: string) => string | undefined;
  readonly operation?: OperationName;
}

export interface Interpretation {
  readonly meaning: Meaning;
  /** How long the manifest, or the answer where the manifest says to look, says to wait before the next try. */
  readonly waitMs: number | null;
  /** What the manifest says about it to the admin. */
  readonly say?: string;
}

export type Interpreter = (answer: RawAnswer, json?: () => JsonValue | undefined, nowMs?: number) => Interpretation;

const retriedStatuses = new Set([408, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524]);

/** By status alone, for what the manifest does not mention. */
const usualMeaning = (status: number): Meaning => {
  if (status >= 200 && status < 300) return status === 204 ? 'empty' : 'ok';
  if (status === 401) return 'signInAgain';
  if (status === 403) return 'forbidden';
  if (status === 404 || status === 410) return 'missing';
  if (status === 429) return 'rateLimited';
  return retriedStatuses.has(status) || status > 504 ? 'retry' : 'refuse';
};

type WaitReader = (answer: RawAnswer, json: () => JsonValue | undefined, nowMs: number) => number | null;

const compileWait = (wait: WaitBody | undefined): WaitReader => {
  if (wait === undefined) return () => null;
  if (typeof wait === 'string') {
    const waitMs = durationMs(wait);
    return () => waitMs;
  }
  const { header, as, otherwise } = wait;
  const select = wait.path === undefined ? null : compilePath(wait.path);
  const otherwiseMs = otherwise === undefined ? null : durationMs(otherwise);
  return (answer, json, nowMs) => {
    const inBody = select?.(json());
    const said = (header === undefined ? undefined : answer.header?.(header.toLowerCase())) ?? inBody;
    return (typeof said === 'string' || typeof said === 'number' ? readWaitMs(said, as, nowMs) : null) ?? otherwiseMs;
  };
};

interface Rule {
  readonly meaning: Meaning;
  readonly say: string | undefined;
  readonly wait: WaitReader;
  readonly fits: (answer: RawAnswer, json: () => JsonValue | undefined) => boolean;
}

const compileRule = ({ status, contains, when, header, on, do: meaning, wait, say }: ErrorRuleBody): Rule => {
  const statuses = status === undefined ? null : new Set([status].flat());
  const needle = contains === undefined ? null : Buffer.from(contains);
  const holds = when === undefined ? null : compileCondition(when);
  return {
    meaning,
    say,
    wait: compileWait(wait),
    fits: (answer, json) => {
      if (statuses !== null && !statuses.has(answer.status)) return false;
      if (on !== undefined && (answer.operation === undefined || !on.includes(answer.operation))) return false;
      if (needle !== null && !answer.body.includes(needle)) return false;
      if (header !== undefined) {
        const value = answer.header?.(header.name.toLowerCase());
        if (value === undefined || (header.contains !== undefined && !value.includes(header.contains))) return false;
      }
      if (holds === null) return true;
      const body = json();
      return body !== undefined && holds(body);
    },
  };
};

/** The first rule of the manifest that fits, else the usual meaning. `json` is asked only when a rule looks into the body. */
export const createInterpreter = (errors: readonly ErrorRuleBody[]): Interpreter => {
  const rules = errors.map(compileRule);
  return (answer, json = () => decodeJson(answer.body), nowMs = 0) => {
    const rule = rules.find(({ fits }) => fits(answer, json));
    if (rule === undefined) return { meaning: usualMeaning(answer.status), waitMs: null };
    const { meaning, say } = rule;
    return { meaning, waitMs: rule.wait(answer, json, nowMs), ...(say === undefined ? {} : { say }) };
  };
};
