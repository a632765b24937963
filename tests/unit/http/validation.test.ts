import { Ajv } from 'ajv';
import Type from 'typebox';
import { ConfigSchema } from '../../../api/src/config/schema.ts';
import { manifestJsonSchema } from '../../../api/src/crm/manifest/schema.ts';
import { namedSchemas } from '../../../api/src/http/references.ts';
import { createValidatorCompiler } from '../../../api/src/http/validation.ts';
import { routesOfApi } from './routes-of-api.ts';

const parts = ['body', 'querystring', 'params', 'headers'] as const;
const shapeOf = (schema: unknown, part: string): object | undefined => {
  const shapes: readonly [string, unknown][] = typeof schema === 'object' && schema !== null ? Object.entries(schema) : [];
  const shape = shapes.find(([name]) => name === part)?.[1];
  return typeof shape === 'object' && shape !== null ? shape : undefined;
};

it('every shape that a request, a configuration or a manifest must have is a JSON Schema, though no start looks again', async () => {
  const ajv = new Ajv({ strict: false });
  const ofRequests = (await routesOfApi()).flatMap(({ schema }) => parts.flatMap((part) => shapeOf(schema, part) ?? []));
  expect(ofRequests.length).toBeGreaterThan(20);
  for (const shape of [...ofRequests, ...namedSchemas(), ConfigSchema, manifestJsonSchema()]) {
    expect([ajv.validateSchema(shape), ajv.errors]).toEqual([true, null]);
  }
  expect(ajv.validateSchema({ type: 'objekt' })).toBe(false);
});

it('every part of a request that a route describes can be checked, though none is before somebody asks for it', async () => {
  const compile = createValidatorCompiler();
  let checked = 0;
  for (const { url, method, schema } of await routesOfApi()) {
    for (const httpPart of parts) {
      const shape = shapeOf(schema, httpPart);
      if (shape === undefined) continue;
      // Whatever it says of nonsense: it says something.
      expect(compile({ schema: shape, method: String(method), url, httpPart })('nonsense')).toBeDefined();
      checked += 1;
    }
  }
  expect(checked).toBeGreaterThan(20);
});

it('an address holds text and a body what it means, the first time and after', () => {
  const compile = createValidatorCompiler();
  const schema = Type.Object({ limit: Type.Integer() }, { additionalProperties: false });
  const where = { schema, method: 'GET', url: '/api/somewhere' };
  const [ofAddress, ofBody] = [compile({ ...where, httpPart: 'querystring' }), compile({ ...where, httpPart: 'body' })];
  for (const _time of ['first', 'second']) {
    const address = { limit: '10' };
    expect([ofAddress(address), address]).toEqual([true, { limit: 10 }]);
    expect(ofBody({ limit: 10 })).toBe(true);
    expect(ofBody({ limit: '10' })).toEqual({ error: [expect.objectContaining({ instancePath: '/limit', keyword: 'type' })] });
    expect(ofBody({ limit: 10, more: 1 })).toEqual({ error: [expect.objectContaining({ keyword: 'additionalProperties' })] });
  }
});
