import { isAxiosError } from 'axios';
import { privateAddressCode } from './allowed-hosts.ts';

export type ConnectionFailure =
  | { readonly kind: 'unreachable'; readonly problem: string }
  | { readonly kind: 'private' }
  | { readonly kind: 'too large' };

const problems: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name cannot be looked up now',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  ECONNABORTED: 'no answer in time',
  ETIMEDOUT: 'no answer in time',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted here',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

/**
 * Why a request got no answer, in words. An axios error holds the whole request, with key and address, so nothing of it but this may leave.
 * null: it is no failure of the connection.
 */
export const connectionFailure = (error: unknown): ConnectionFailure | null => {
  if (!isAxiosError(error)) return null;
  const code = error.code ?? 'unknown';
  if (code === privateAddressCode) return { kind: 'private' };
  if (/maxContentLength/.test(error.message)) return { kind: 'too large' };
  // With a stalled body axios says ERR_BAD_RESPONSE or ECONNABORTED, depending on its mode.
  const problem = /timeout/i.test(error.message) ? problems.ETIMEDOUT : Object.hasOwn(problems, code) ? problems[code] : undefined;
  return { kind: 'unreachable', problem: problem ?? `the connection failed (${code})` };
};
