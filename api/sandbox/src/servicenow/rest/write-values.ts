import type { Column } from '../data/columns.ts';
import type { Row } from '../data/row.ts';
import type { TableDefinition } from '../data/tables.ts';
import { errors } from '../errors.ts';

const textOf = ({ type, maxLength }: Column, value: unknown): string => {
  if (value === null || value === undefined) return '';
  if (type === 'boolean') return String(value === true || value === 'true' || value === 1 || value === '1');
  const text = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : JSON.stringify(value);
  if (type === 'integer') return /^-?\d+$/.test(text) ? text : '';
  return [...text].slice(0, maxLength).join('');
};

/** A client's values as they are stored: unknown fields are ignored, and what is too long is cut, both without a word. */
export const readValues = (table: TableDefinition, body: unknown): Row => {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw errors.badBody();
  const entries = Object.entries(body).flatMap(([name, value]): readonly (readonly [string, string])[] => {
    const column = table.columnByName.get(name);
    return column?.isWritable ? [[name, textOf(column, value)]] : [];
  });
  return Object.fromEntries(entries);
};
