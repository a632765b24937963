import { SerializerSelector } from '@fastify/fast-json-stringify-compiler';
import type { FastifySerializerCompiler } from 'fastify';
import { namedSchemas } from './references.ts';

interface RouteAnswer {
  readonly schema: unknown;
  readonly method: string;
  readonly url: string;
  readonly httpStatus?: string;
}

type Serialise = (answer: unknown) => string;

const byName = (schemas: readonly object[]): Readonly<Record<string, object>> =>
  Object.fromEntries(schemas.map((schema) => ['$id' in schema ? String(schema.$id) : '', schema]));

/** Writes the function that turns an answer of this shape into text, and leaves out what the shape does not name. */
export const createAnswerCompiler = (): ((route: RouteAnswer) => Serialise) => {
  const compile = SerializerSelector()(byName(namedSchemas()));
  return ({ schema, method, url, httpStatus = '200' }) => compile({ schema, method, url, httpStatus });
};

/**
 * Fastify writes such a function for every answer of every route before it listens, which is a fifth of a start's time and 20 MB, while
 * most processes give few of these answers: so each is written with the first answer that needs it.
 */
export const createSerializerCompiler = (): FastifySerializerCompiler<unknown> => {
  const compile = createAnswerCompiler();
  return (route) => {
    let serialise: Serialise | undefined;
    return (answer) => (serialise ??= compile(route))(answer);
  };
};
