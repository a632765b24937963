import { compilePath } from '../expression/compile.ts';
import type { JsonValue } from '../types.ts';

/** What an answer says, for whoever reads it. Header names are in lower case. */
export interface AnswerFacts {
  readonly body: JsonValue;
  readonly header: (name: string) => string | undefined;
}

export type AnswerValue = (answer: AnswerFacts) => JsonValue | undefined;

/** From a path into the body, or `{header: name}`. */
export const compileAnswerValue = (where: string | { readonly header: string }): AnswerValue => {
  if (typeof where !== 'string') {
    const name = where.header.toLowerCase();
    return ({ header }) => header(name);
  }
  const select = compilePath(where);
  return ({ body }) => select(body);
};

/** A number of records or pages; null when it is none. */
export const readCount = (value: JsonValue | undefined): number | null => {
  const count = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && count >= 0 ? count : null;
};
