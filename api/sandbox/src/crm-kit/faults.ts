/** Trouble on request, the same for every CRM of the sandbox; how it looks on the wire is each CRM's own. */

export const faultKinds = ['throttle', 'unavailable', 'unauthorised', 'status', 'cutBody', 'slow', 'emptyPage', 'repeatedCursor'] as const;

export interface Fault {
  readonly kind: (typeof faultKinds)[number];
  /** How many of the next requests that fit it strikes. */
  readonly count: number;
  /** Of `status`: what is answered. */
  readonly status?: number;
  /** Of `throttle`: which limit is said to be reached, where the CRM names it. */
  readonly policy?: string;
  /** Without it there is no Retry-After. */
  readonly retryAfterSeconds?: number;
  /** Of `slow`. */
  readonly delayMs?: number;
  /** Only requests whose path begins with this. */
  readonly path?: string;
  /** So many requests that fit go through before the first is struck: trouble in the middle of a run. */
  readonly after?: number;
}

/** `emptyPage` and `repeatedCursor` can only strike an answer that is a page. */
const strikesPagesOnly = ({ kind }: Fault): boolean => kind === 'emptyPage' || kind === 'repeatedCursor';

/** Faults in the order they were asked for. */
export class Faults {
  #waiting: readonly Fault[] = [];

  add(fault: Fault): void {
    this.#waiting = [...this.#waiting, fault];
  }

  clear(): void {
    this.#waiting = [];
  }

  get waiting(): readonly Fault[] {
    return this.#waiting;
  }

  /** Uses up one strike of the first fault that fits, or one of the requests that it lets pass first. */
  take({ path, isPage }: { readonly path: string; readonly isPage: boolean }): Fault | undefined {
    const fault = this.#waiting.find((one) => path.startsWith(one.path ?? '') && (isPage || !strikesPagesOnly(one)));
    if (!fault) return undefined;
    const passes = fault.after ?? 0;
    const left = passes > 0 ? { ...fault, after: passes - 1 } : { ...fault, count: fault.count - 1 };
    this.#waiting = this.#waiting.map((one) => (one === fault ? left : one)).filter(({ count }) => count > 0);
    return passes > 0 ? undefined : fault;
  }
}
