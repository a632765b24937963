import Type from 'typebox';
import { createAnswerCompiler, createSerializerCompiler } from '../../../api/src/http/serialisation.ts';
import { routesOfApi } from './routes-of-api.ts';

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: unknown }>>;
}

it('every answer that a route promises can be written, though none is before somebody asks for it', async () => {
  const compile = createAnswerCompiler();
  let compiled = 0;
  for (const { url, method, schema } of await routesOfApi()) {
    const answers: readonly [string, unknown][] = Object.entries(schema?.response ?? {});
    for (const [httpStatus, answer] of answers) {
      for (const { schema: shape } of Object.values((answer as Content).content ?? {})) {
        expect(compile({ schema: shape, method: String(method), url, httpStatus })).toBeInstanceOf(Function);
        compiled += 1;
      }
    }
  }
  expect(compiled).toBeGreaterThan(20);
});

const route = { method: 'GET', url: '/api/somewhere', httpStatus: '200' };

it('an answer holds what its shape names and nothing else, the first time and after', () => {
  const write = createSerializerCompiler()({ ...route, schema: Type.Object({ id: Type.String(), name: Type.Optional(Type.String()) }) });
  expect(write({ id: '1', name: 'Northwind', apiKey: 'secret' })).toBe('{"id":"1","name":"Northwind"}');
  expect(write({ id: '2', apiKey: 'secret' })).toBe('{"id":"2"}');
});

it('a shape that cannot be written is told with the answer that needs it, and no other answer suffers', () => {
  const compile = createSerializerCompiler();
  const broken = compile({ ...route, schema: { type: 'object', properties: { id: { $ref: 'NoSuchShape#' } } } });
  expect(() => broken({ id: '1' })).toThrow(/NoSuchShape/);
  expect(compile({ ...route, schema: Type.Object({ id: Type.String() }) })({ id: '1' })).toBe('{"id":"1"}');
});
