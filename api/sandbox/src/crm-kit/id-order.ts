export type IdOrder = (a: string, b: string) => number;

export const byText: IdOrder = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
/** Digits of any length, by their value. */
export const byNumber: IdOrder = (a, b) => a.length - b.length || byText(a, b);
