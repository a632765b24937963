import type { JsonObject, JsonValue } from '../types.ts';

/** `Array.isArray` loses the element type of readonly arrays; these two keep it. */
export const isList = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value);

export const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Nothing to show or write: absent, null, or text without a visible character. */
export const isEmpty = (value: JsonValue | undefined): value is null | undefined | '' =>
  value === undefined || value === null || value === '' || (typeof value === 'string' && value.charCodeAt(0) <= 32 && value.trim() === '');
