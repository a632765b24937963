/** All values are text, and nothing is `""`. A row is never changed in place. */
export type Row = Readonly<Record<string, string>>;

export const valueOf = (row: Row, element: string): string => row[element] ?? '';
