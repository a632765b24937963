import type { JsonValue } from '../../types.ts';
import { plainTransform, type Transform } from './transform.ts';

const readNumber = (value: JsonValue): number | undefined => {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?\s*$/.test(value)) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
};

export const number: Transform = plainTransform({
  description: 'Text such as "12.50" to a number. No thousands separators: whether 1,234 is large or small depends on the country.',
  noun: 'number',
  change: readNumber,
});

/** Dataverse whole numbers are 32 bits wide. */
const maxInteger = 2_147_483_647;

export const int: Transform = plainTransform({
  description: 'To a whole number; 12.0 is one, 12.5 is not.',
  noun: 'whole number',
  change: (value) => {
    const read = readNumber(value);
    return read !== undefined && Number.isInteger(read) && Math.abs(read) <= maxInteger ? read : undefined;
  },
});
