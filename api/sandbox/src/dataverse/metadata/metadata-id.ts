/** The ids of definitions: made of their names, so that they are the same in every sandbox. */
import { createHash } from 'node:crypto';

export function metadataId(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export const tableId = (table: string) => metadataId(table);
export const columnId = (table: string, column: string) => metadataId(`${table}.${column}`);
export const keyId = (table: string, key: string) => metadataId(`${table}.key.${key}`);
export const choiceId = (name: string) => metadataId(`choice.${name}`);
export const relationshipId = (schemaName: string) => metadataId(`relationship.${schemaName}`);
