import type { Urgency } from '../types.ts';

/** For whom something is asked, and until when it is wanted. */
export interface Asking {
  readonly urgency: Urgency;
  readonly signal: AbortSignal;
}
