import type { JsonValue } from '../../types.ts';

/** What a CRM answered to a request for a list, as it came. */
export interface Answer {
  readonly body: JsonValue;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

/** `a.b` as the manifest writes a path; names that are no words stand in brackets. */
export const pathOf = (names: readonly string[]): string =>
  names.length === 0
    ? '$'
    : names.reduce((path, name) => {
        if (/^[A-Za-z_][\w-]*$/.test(name)) return path === '' ? name : `${path}.${name}`;
        return `${path}[${JSON.stringify(name)}]`;
      }, '');
