const dayMs = 24 * 60 * 60 * 1000;

/** How long a done delivery is remembered, so that a CRM that sends it once more is recognised. CRMs give up within 3 days. */
export const doneAreRememberedMs = 7 * dayMs;
/** Of a source, at most: some 50 MB. Whose repeat is no longer known is handled again, which costs a read. */
export const doneDeliveriesKept = 100_000;
/** How long the use of webhooks is remembered: long enough to know what weekends are like. */
export const useIsRememberedHours = 35 * 24;
export const refusedAreRememberedDays = 30;
