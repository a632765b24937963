import { isObject } from '../expression/json.ts';
import type { JsonValue } from '../types.ts';

/** What a sign-in gives. A type, not an interface, because it is stored as JSON. */
export type AccessToken = {
  readonly value: string;
  /** Epoch ms by our clock; null: until the CRM refuses it. */
  readonly expiresOnMs: number | null;
  readonly obtainedOnMs: number;
  /** Signs in again; another one each time where the CRM rotates them. */
  readonly refreshToken: string | null;
  /** Where the CRM says that requests go. */
  readonly origin: string | null;
  /** Which configured first refresh token it descends from: a hash, so that a newly configured one is noticed. */
  readonly seed: string | null;
};

const isTextOrNull = (value: JsonValue | undefined): value is string | null => typeof value === 'string' || value === null;
const isNumberOrNull = (value: JsonValue | undefined): value is number | null => typeof value === 'number' || value === null;

/** A stored token; null when it is none, for instance because an older version stored it otherwise. */
export const readStoredToken = (text: string): AccessToken | null => {
  const json = JSON.parse(text) as JsonValue;
  if (!isObject(json)) return null;
  const { value, expiresOnMs, obtainedOnMs, refreshToken, origin, seed } = json;
  if (typeof value !== 'string' || typeof obtainedOnMs !== 'number' || !isNumberOrNull(expiresOnMs)) return null;
  if (!isTextOrNull(refreshToken) || !isTextOrNull(origin) || !isTextOrNull(seed)) return null;
  return { value, expiresOnMs, obtainedOnMs, refreshToken, origin, seed };
};
