import { AppError } from '../../errors/app-error.ts';
import { compilePath } from '../expression/compile.ts';
import type { CrmAnswer } from '../http/crm-http.ts';
import type { JsonValue } from '../types.ts';

export interface TokenAnswerRules {
  readonly sourceId: string;
  readonly lifetimeMs: number | null;
  readonly expiresIn: string | undefined;
  readonly baseUrlFrom: string | undefined;
}

/** A word of RFC 6749 such as invalid_client, so that the admin can look it up; anything else might be a secret. */
export const errorWordIn = (body: JsonValue): string | null => {
  const word = compilePath('error')(body);
  return typeof word === 'string' && /^[a-z_]{1,40}$/.test(word) ? word : null;
};

export const refuseSignIn = (sourceId: string, { status, body }: CrmAnswer): AppError =>
  new AppError('crm.sign_in_refused', { source: sourceId, status, reason: errorWordIn(body) ?? 'no reason given' });

/** What may stand behind a header’s name or in a cookie; a line break in a token would begin another header. */
export const asToken = (value: JsonValue | undefined): string | null => {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^[\x21-\x7e]{1,16384}$/.test(text) ? text : null;
};

const readSeconds = (value: JsonValue | undefined): number | null => {
  const seconds = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  return typeof seconds === 'number' && seconds > 0 ? seconds : null;
};

/** When a token ends and where requests go with it, from an answer. */
export const compileTokenAnswer = ({ sourceId, lifetimeMs, expiresIn, baseUrlFrom }: TokenAnswerRules) => {
  const selectExpiry = expiresIn === undefined ? () => undefined : compilePath(expiresIn);
  const selectBase = baseUrlFrom === undefined ? null : compilePath(baseUrlFrom);
  return (body: JsonValue, nowMs: number): { readonly expiresOnMs: number | null; readonly origin: string | null } => {
    const seconds = readSeconds(selectExpiry(body));
    const livesMs = seconds === null ? lifetimeMs : seconds * 1000;
    const address = selectBase?.(body);
    const url = typeof address === 'string' ? URL.parse(address) : null;
    if (selectBase !== null && url === null)
      throw new AppError('crm.bad_answer', {
        source: sourceId,
        what: 'the sign-in',
        problem: `it names no address at “${String(baseUrlFrom)}”`,
      });
    return { expiresOnMs: livesMs === null ? null : nowMs + livesMs, origin: url?.origin ?? null };
  };
};
