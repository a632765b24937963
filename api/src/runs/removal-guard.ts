/**
 * A source that was half read looks like one that has deleted everything. So removals beyond both floors wait for a person:
 * more than 10 rows and more than 10 % of what is linked.
 */
export const isWithheld = (removals: number, linked: number): boolean => removals > 10 && removals > linked * 0.1;
