import { createHmac } from 'node:crypto';
import { compileCondition, compilePath } from '../expression/compile.ts';
import type { Condition } from '../expression/condition.ts';
import type { Selector } from '../expression/path.ts';
import type { AnswerValueBody, HandshakeBody } from '../manifest/schema/webhook.ts';
import type { JsonValue } from '../types.ts';
import type { SecretSettings } from './open-verifier.ts';
import type { WebhookAnswer } from './types.ts';
import { secretGiven } from './verify-weak.ts';

/** A challenge is a token; whoever sends a novel wants something else. */
const maxValueLength = 2000;

type Scalar = string | number | boolean;

const scalarOf = (value: JsonValue | undefined): Scalar | null =>
  (typeof value === 'string' && value.length <= maxValueLength) || typeof value === 'number' || typeof value === 'boolean' ? value : null;

type ValueReader = (question: JsonValue) => Scalar | null;

/** `key` signs; null when there is no shared secret. */
const compileValue = (value: AnswerValueBody, key: Buffer | null): ValueReader => {
  if (typeof value === 'string') {
    const select = compilePath(value);
    return (question) => scalarOf(select(question));
  }
  if ('const' in value) return () => value.const;
  const select = compilePath(value.hmac);
  return (question) => {
    const given = scalarOf(select(question));
    if (given === null || key === null) return null;
    return `${value.prefix ?? ''}${createHmac('sha256', key).update(String(given)).digest(value.encoding)}`;
  };
};

/** Text stays text wherever it is shown: what is sent back was made up by somebody else. */
const textType = 'text/plain; charset=utf-8';
const jsonType = 'application/json; charset=utf-8';

const compileAnswer = (
  { status = 200, text, json }: HandshakeBody,
  key: Buffer | null,
): ((question: JsonValue) => WebhookAnswer | null) => {
  if (text !== undefined) {
    const read = compileValue(text, key);
    return (question) => {
      const value = read(question);
      return value === null ? null : { status, type: textType, body: String(value) };
    };
  }
  if (json === undefined) return () => ({ status, type: null, body: '' });
  const members = Object.entries(json).map(([name, value]) => [name, compileValue(value, key)] as const);
  return (question) => {
    const values = members.map(([name, read]) => [name, read(question)] as const);
    return values.some(([, value]) => value === null) ? null : { status, type: jsonType, body: JSON.stringify(Object.fromEntries(values)) };
  };
};

interface HandshakeRule {
  readonly method: 'GET' | 'POST';
  readonly isUnsigned: boolean;
  readonly holds: Condition;
  /** Whether the question shows the secret; null when that is not asked for. */
  readonly showsToken: ((question: JsonValue) => boolean) | null;
  readonly answer: (question: JsonValue) => WebhookAnswer | null;
}

const compileToken = (token: HandshakeBody['token'], { settings }: SecretSettings): HandshakeRule['showsToken'] => {
  if (token === undefined) return null;
  const select: Selector = compilePath(token.path);
  const secret = settings.get(token.secret);
  return (question) => {
    const given = scalarOf(select(question));
    return (
      given !== null &&
      secret !== undefined &&
      secret !== '' &&
      secretGiven(Buffer.from(String(given)), [{ label: token.secret, key: secret }]) !== null
    );
  };
};

/** The answer to a question that fits; null when none does. `isProven`: the request was signed as deliveries are. */
export type HandshakeReader = (question: JsonValue, method: 'GET' | 'POST', isProven: boolean) => WebhookAnswer | null;

export const compileHandshakes = (handshakes: readonly HandshakeBody[], secrets: SecretSettings, key: Buffer | null): HandshakeReader => {
  const rules = handshakes.map(
    (handshake): HandshakeRule => ({
      method: handshake.method ?? 'POST',
      isUnsigned: handshake.unsigned === true,
      holds: handshake.when === undefined ? () => true : compileCondition(handshake.when),
      showsToken: compileToken(handshake.token, secrets),
      answer: compileAnswer(handshake, key),
    }),
  );
  return (question, method, isProven) => {
    for (const { isUnsigned, showsToken, holds, answer, ...rule } of rules) {
      if (rule.method !== method || !holds(question)) continue;
      if (isProven || (showsToken === null ? isUnsigned : showsToken(question))) {
        const given = answer(question);
        if (given !== null) return given;
      }
    }
    return null;
  };
};
