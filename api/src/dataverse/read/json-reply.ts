import { AppError } from '../../errors/app-error.ts';

export type JsonRecord = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is JsonRecord => typeof value === 'object' && value !== null && !Array.isArray(value);

const unreadable = (what: string): AppError => new AppError('dataverse.bad_answer', { what });

/** `what` names the request in the error, without data. */
export const readJsonRecord = (body: string, what: string): JsonRecord => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw unreadable(what);
  }
  if (!isRecord(parsed)) throw unreadable(what);
  return parsed;
};

/** The rows of a collection's answer. */
export const readJsonRows = (body: string, what: string): readonly JsonRecord[] => {
  const { value } = readJsonRecord(body, what);
  if (!Array.isArray(value)) throw unreadable(what);
  return value.filter(isRecord);
};
