import swagger, { type SwaggerTransformObject } from '@fastify/swagger';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { productVersion } from '../product-version.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** OpenAPI 2.0; `swagger()` gives 3.0. */
    swagger2(): object;
  }
}

const info = {
  title: 'CRM Sync for Contact Center',
  version: productVersion,
  description: 'Keeps the accounts and contacts of Dynamics 365 Contact Center in Dataverse true to any CRM.',
};

const tags = [
  { name: 'setup', description: 'What of ours the Dataverse environment has' },
  { name: 'sources', description: 'Configured CRMs' },
  { name: 'dataverse', description: 'The environment that is written to' },
  { name: 'runs', description: 'Bulk syncs' },
  { name: 'failures', description: 'Records that failed' },
  { name: 'removals', description: 'Removals that wait for a person' },
  { name: 'records', description: 'One row and the record that it comes from' },
  { name: 'webhooks', description: 'What CRMs post' },
  { name: 'deliveries', description: 'What CRMs have posted, what became of it, and handling it again' },
  { name: 'health', description: 'The service itself' },
];

/** Names instead of `def-1`, and the same on every run. */
const refResolver = {
  buildLocalReference: (schema: { readonly $id?: unknown }, _base: unknown, _fragment: string, index: number): string =>
    typeof schema.$id === 'string' ? schema.$id : `Schema${index}`,
};

interface ResponseWithContent {
  readonly description?: string;
  readonly headers?: object;
  readonly content: Readonly<Record<string, { readonly schema: object }>>;
}

const hasContent = (response: unknown): response is ResponseWithContent =>
  typeof response === 'object' && response !== null && 'content' in response && typeof response.content === 'object';

/** OpenAPI 2.0 knows one schema for a response and no media types in it. */
const withoutContent = (response: unknown): unknown => {
  if (!hasContent(response)) return response;
  const { content, description, headers } = response;
  const [media] = Object.values(content);
  return { ...media?.schema, 'x-response-description': description, ...(headers ? { headers } : {}) };
};

const asVersion2 = <Schema extends FastifySchema | undefined>(schema: Schema): Schema => {
  const response = schema?.response;
  if (typeof response !== 'object' || response === null) return schema;
  return { ...schema, response: Object.fromEntries(Object.entries(response).map(([status, value]) => [status, withoutContent(value)])) };
};

interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: object }>>; required?: boolean };
  readonly parameters?: readonly { readonly in?: string; readonly schema?: object; required?: boolean }[];
}

const operationsOf = (paths: object | undefined): readonly Operation[] =>
  Object.values(paths ?? {}).flatMap((path: object) => Object.values(path) as Operation[]);

const isNeeded = (schema: object | undefined): boolean => schema !== undefined && ('$ref' in schema || 'required' in schema);

/** A body in which nothing is required may be left out, which the plugin cannot tell. */
const markOptionalBodies: SwaggerTransformObject = (document) => {
  const object = 'openapiObject' in document ? document.openapiObject : document.swaggerObject;
  for (const { requestBody, parameters = [] } of operationsOf(object.paths)) {
    if (requestBody) requestBody.required = isNeeded(requestBody.content['application/json']?.schema);
    for (const parameter of parameters) {
      if (parameter.in === 'body') parameter.required = isNeeded(parameter.schema);
    }
  }
  return object;
};

/** Both versions of the API's description, from the schemas of the routes that are registered after this. */
export const addDocuments = async (app: FastifyInstance): Promise<void> => {
  await app.register(swagger, {
    refResolver,
    transformObject: markOptionalBodies,
    openapi: {
      openapi: '3.0.3',
      info,
      tags,
      components: {
        securitySchemes: {
          entra: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description: 'Access token of Entra ID with an app role of this API',
          },
        },
      },
    },
  });
  // Power Platform's custom connectors read OpenAPI 2.0 only, and want the sign-in as an authorization code flow.
  await app.register(swagger, {
    decorator: 'swagger2',
    refResolver,
    transformObject: markOptionalBodies,
    swagger: {
      info,
      tags,
      host: 'crm-sync.example.com',
      basePath: '/',
      schemes: ['https'],
      consumes: ['application/json'],
      produces: ['application/json'],
      securityDefinitions: {
        entra: {
          type: 'oauth2',
          flow: 'accessCode',
          authorizationUrl: 'https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize',
          tokenUrl: 'https://login.microsoftonline.com/organizations/oauth2/v2.0/token',
          scopes: {},
        },
      },
    },
    transform: ({ schema, url }) => ({ schema: asVersion2(schema), url }),
  });
};
