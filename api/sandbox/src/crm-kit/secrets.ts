import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares without telling by its time how much was right. */
export const isSameSecret = (given: string, wanted: string): boolean => timingSafeEqual(digest(given), digest(wanted));

/** Nobody guesses it; it names what it is, as vendors' tokens do. */
export const createSecret = (prefix: string): string => `${prefix}${randomBytes(24).toString('base64url')}`;
