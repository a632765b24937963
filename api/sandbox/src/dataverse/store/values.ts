/** The values that a row holds, in one form per type whatever the client's spelling was. */

export interface Reference {
  readonly table: string;
  readonly id: string;
}

/** Text, numbers, yes/no; dates as `2026-01-31`, moments as `2026-01-31T08:00:00Z`, GUIDs in lower case, lookups as references. */
export type StoredValue = string | number | boolean | Reference | null;
export type RowValues = Readonly<Record<string, StoredValue>>;

export interface Row {
  readonly id: string;
  /** Also the ETag: W/"version". Grows by one with every write in the environment. */
  readonly version: number;
  readonly values: RowValues;
}

export function isReference(value: StoredValue | undefined): value is Reference {
  return typeof value === 'object' && value !== null;
}

const guidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The GUID in lower case, as Dataverse returns it; null when the text is none. Braces are accepted, as the Web API accepts them. */
export function parseGuid(text: string): string | null {
  const bare = text.startsWith('{') && text.endsWith('}') ? text.slice(1, -1) : text;
  return guidPattern.test(bare) ? bare.toLowerCase() : null;
}

export const etagOf = (row: Row): string => `W/"${row.version}"`;

/** Dataverse keeps moments to the second and answers without a fraction. */
export function formatMoment(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}
