/** What Dataverse said when it refused: from a whole answer or from one part of a `$batch`. */
export interface ErrorAnswer {
  readonly status: number;
  /** `0x` and eight lower-case hex digits; empty when there was none. */
  readonly code: string;
  /** As Dataverse wrote it: may echo customer data, so it never leaves this room except through `safeReason`. */
  readonly message: string;
  readonly retryAfterMs: number | null;
  /** Dataverse's id of the request (REQ_ID), for Microsoft's support and our log; empty when there was none. */
  readonly reference: string;
}

export interface AnswerHead {
  readonly status: number;
  /** Name in lower case. */
  header(name: string): string | undefined;
}

/** The Web API gives codes in hex, the SDK the same number as a signed decimal; both appear in the wild. */
export const normaliseCode = (code: unknown): string => {
  const text = typeof code === 'number' ? String(code) : typeof code === 'string' ? code.trim() : '';
  if (/^0x[0-9a-f]{1,8}$/i.test(text)) return `0x${text.slice(2).toLowerCase().padStart(8, '0')}`;
  if (/^-?\d{1,10}$/.test(text) && Number(text) !== 0) return `0x${(Number(text) >>> 0).toString(16).padStart(8, '0')}`;
  return '';
};

/** Seconds or an HTTP date (RFC 9110, 10.2.3). */
export const readRetryAfterMs = (value: string | undefined, nowMs: number): number | null => {
  if (value === undefined || value.trim() === '') return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const dateMs = Date.parse(value);
  return Number.isNaN(dateMs) ? null : Math.max(0, dateMs - nowMs);
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const readBody = (body: string): { code: string; message: string } => {
  try {
    const parsed: unknown = JSON.parse(body);
    const error = isObject(parsed) && isObject(parsed.error) ? parsed.error : isObject(parsed) ? { message: parsed.Message } : {};
    return { code: normaliseCode(error.code), message: typeof error.message === 'string' ? error.message : '' };
  } catch {
    // A gateway's HTML page, or a body cut off: the status alone must do.
    return { code: '', message: '' };
  }
};

export const readErrorAnswer = (head: AnswerHead, body: string, nowMs: number): ErrorAnswer => ({
  status: head.status,
  ...readBody(body),
  retryAfterMs: readRetryAfterMs(head.header('retry-after'), nowMs),
  reference: head.header('req_id') ?? head.header('x-ms-service-request-id') ?? '',
});
