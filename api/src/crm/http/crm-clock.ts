/** Time where the CRM is, learnt from the Date header of its answers. */
export interface CrmClock {
  nowMs(): number;
  /** The CRM's clock less ours; null before the first Date header. */
  skewMs(): number | null;
  observe(headers: { readonly date: string | undefined; readonly age: string | undefined }, sentMs: number, receivedMs: number): void;
}

export const createCrmClock = (nowMs: () => number): CrmClock => {
  let aheadMs: number | null = null;
  let skewMs: number | null = null;
  return {
    nowMs: () => nowMs() + (aheadMs ?? 0),
    skewMs: () => skewMs,
    observe: ({ date, age }, sentMs, receivedMs) => {
      const dateMs = date === undefined ? Number.NaN : Date.parse(date);
      // An answer out of a cache carries the time when it was made.
      if (Number.isNaN(dateMs) || (age !== undefined && age !== '0')) return;
      // The header is cut to whole seconds. For “now” that is the safe side: a window must never end in the CRM's future.
      aheadMs = dateMs - receivedMs;
      skewMs = Math.round(dateMs + 500 - (sentMs + receivedMs) / 2);
    },
  };
};
