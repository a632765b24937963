import { buildOpenApiDocuments } from '../../../api/src/http/openapi.ts';
import { startServer } from './support/server.ts';

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
  readonly requestBody?: { readonly required: boolean };
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

interface Document {
  readonly openapi?: string;
  readonly swagger?: string;
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

// As text, which is how anyone meets them.
const { openapi, swagger } = JSON.parse(JSON.stringify(await buildOpenApiDocuments())) as {
  readonly openapi: Document;
  readonly swagger: Document;
};
const operationsOf = (document: Document) =>
  Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ path, method, operation })),
  );

const findAll = (value: unknown, wanted: (key: string, value: unknown) => boolean, path = ''): readonly string[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([key, inner]) => [
        ...(wanted(key, inner) ? [`${path}/${key}`] : []),
        ...findAll(inner, wanted, `${path}/${key}`),
      ]);

const resolves = (document: unknown, reference: unknown): boolean => {
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return false;
  let place: unknown = document;
  for (const key of reference.slice(2).split('/')) {
    if (typeof place !== 'object' || place === null || !(key in place)) return false;
    place = (place as Record<string, unknown>)[key];
  }
  return true;
};

describe.each([
  ['OpenAPI 3.0', openapi],
  ['OpenAPI 2.0', swagger],
])('the %s document', (_version, document) => {
  it('says for every operation its name, its purpose, its group, its sign-in and its problems', () => {
    const groups = document.tags.map(({ name }) => name);
    for (const { path, operation } of operationsOf(document)) {
      expect(operation.operationId).toMatch(/^[a-z][A-Za-z]+$/);
      expect(operation.summary).toEqual(expect.stringMatching(/^[A-Z].{10,}[^.]$/));
      expect(groups).toEqual(expect.arrayContaining([...(operation.tags ?? [])]));
      expect(operation.tags).toHaveLength(1);
      expect(operation.security).toEqual(/^\/api\/(?!client-configuration)/.test(path) ? [{ entra: [] }] : []);
      expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['400', '500']));
      for (const { description } of Object.values(operation.responses)) expect(description).not.toBe('Default Response');
    }
  });

  it('gives no two operations the same name', () => {
    const names = operationsOf(document).map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBe(17);
  });

  it('names every part of an address', () => {
    for (const { path, operation } of operationsOf(document)) {
      const inAddress = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const named = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path' && parameter.required);
      expect(named.map(({ name }) => name).sort()).toEqual(inAddress.sort());
    }
  });

  it('has no reference that leads nowhere', () => {
    const broken = findAll(document, (key, value) => key === '$ref' && !resolves(document, value));
    expect(broken).toEqual([]);
    expect(findAll(document, (key) => key === '$ref').length).toBeGreaterThan(50);
  });

  it('has none of JSON Schema’s words that OpenAPI lacks', () => {
    const foreign = new Set(['$id', 'const', 'patternProperties', '$schema', 'definitions']);
    const found = findAll(document.paths, (key) => foreign.has(key));
    expect(found).toEqual([]);
    expect(findAll(document, (key, value) => key === 'type' && value === 'null')).toEqual([]);
    expect(findAll(document, (key) => key === 'patternProperties' || key === '$id')).toEqual([]);
  });
});

describe('the API’s documents', () => {
  it('are of the versions that their readers want', () => {
    expect(openapi.openapi).toBe('3.0.3');
    expect(swagger.swagger).toBe('2.0');
  });

  it('are the same every time', async () => {
    const again = await buildOpenApiDocuments();
    expect(JSON.stringify(again.openapi)).toBe(JSON.stringify(openapi));
    expect(JSON.stringify(again.swagger)).toBe(JSON.stringify(swagger));
  });

  it('keep version 2.0 to what Power Platform reads: no alternatives, no nulls, less than 1 MB', () => {
    const foreign = new Set(['anyOf', 'oneOf', 'allOf', 'const', 'nullable', 'content']);
    expect(findAll(swagger, (key) => foreign.has(key))).toEqual([]);
    expect(findAll(swagger, (_key, value) => value === null)).toEqual([]);
    expect(JSON.stringify(swagger).length).toBeLessThan(1_000_000);
  });

  it('say that a sync needs no body and a start does', () => {
    expect(openapi.paths['/api/records/{table}/{rowId}/sync']?.post?.requestBody?.required).toBe(false);
    expect(openapi.paths['/api/runs']?.post?.requestBody?.required).toBe(true);
    const body = (path: string) => swagger.paths[path]?.post?.parameters?.find((parameter) => parameter.in === 'body')?.required;
    expect(body('/api/records/{table}/{rowId}/sync')).toBe(false);
    expect(body('/api/runs')).toBe(true);
  });

  it('are served by the running API, version 2.0 with the host by which it was reached', async () => {
    const server = await startServer();
    const served = await server.as(null, '/openapi.json');
    expect(await served.json()).toEqual(openapi);
    const { host, ...rest } = (await (await server.as(null, '/swagger.json')).json()) as Document & { readonly host: string };
    expect(host).toBe(new URL(server.url).host);
    expect(rest).toMatchObject({ swagger: '2.0', paths: swagger.paths });
    await server.close();
  });
});
