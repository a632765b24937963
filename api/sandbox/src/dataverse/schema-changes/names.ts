/** Names of new components: the publisher's prefix, then letters, digits and underscores. */
import { invalidPrefix } from './refusals.ts';

const schemaNamePattern = /^([A-Za-z][A-Za-z0-9]{1,7})_[A-Za-z0-9_]+$/;

/** Throws 0x80044366 for a name without a prefix, or with another one than the solution's publisher has. */
export function requireSchemaName(name: unknown, component: string, publisherPrefix: string | null): string {
  const text = typeof name === 'string' ? name : '';
  const prefix = schemaNamePattern.exec(text)?.[1]?.toLowerCase();
  const isReserved = prefix?.startsWith('mscrm') === true;
  if (prefix === undefined || isReserved || (publisherPrefix !== null && prefix !== publisherPrefix)) {
    throw invalidPrefix(text, component);
  }
  return text;
}

/** A set is named by the plural of its table: new_category → new_categories. */
export function pluralOf(logicalName: string): string {
  if (/[^aeiou]y$/.test(logicalName)) return `${logicalName.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(logicalName) ? `${logicalName}es` : `${logicalName}s`;
}
