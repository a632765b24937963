import type { FastifyInstance } from 'fastify';
import { listIn, textIn } from '../crm-kit/query.ts';
import { HubSpotError, invalid, objectNotFound } from './errors.ts';
import { propertyOf } from './object-types.ts';
import type { Portal } from './portal.ts';
import { represent } from './represent.ts';
import type { CrmObject, ObjectType, PropertyValues } from './types.ts';

const pageLimit = { default: 10, max: 100 } as const;

const writeSchema = {
  type: 'object',
  required: ['properties'],
  properties: { properties: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean', 'null'] } } },
} as const;

interface WriteBody {
  readonly properties: Readonly<Record<string, string | number | boolean | null>>;
}

export interface ObjectRoutesOptions {
  readonly portal: Portal;
  readonly type: ObjectType;
}

const limitOf = (query: unknown): number => {
  const text = textIn(query, 'limit') ?? String(pageLimit.default);
  const limit = Number(text);
  if (!/^\d+$/.test(text) || limit < 1) throw invalid('limit must be a positive whole number.');
  if (limit > pageLimit.max) throw invalid(`limit must be at most ${pageLimit.max}.`);
  return limit;
};

const flagOf = (query: unknown, name: string): boolean => textIn(query, name) === 'true';

export const readScopes = (type: ObjectType) => ({ hubSpotScopes: [`crm.objects.${type}.read`] });
export const writeScopes = (type: ObjectType) => ({ hubSpotScopes: [`crm.objects.${type}.write`] });

/** The values of a write, as text. A property that is not there, or is HubSpot's own, is refused. */
const valuesOf = ({ portal, type }: ObjectRoutesOptions, { properties }: WriteBody): PropertyValues => {
  const { definition } = portal.room(type);
  for (const name of Object.keys(properties)) {
    const property = propertyOf(definition, name);
    const wrong = (code: string, message: string): HubSpotError =>
      invalid(`Property values were not valid: [{"isValid":false,"message":"${message}","error":"${code}","name":"${name}"}]`);
    if (!property) throw wrong('PROPERTY_DOESNT_EXIST', `Property \\"${name}\\" does not exist`);
    if (property.isReadOnly) throw wrong('READ_ONLY_VALUE', `\\"${name}\\" is a read only property`);
  }
  const values = Object.entries(properties).map(([name, value]) => [name, value === null || value === '' ? null : String(value)] as const);
  return Object.fromEntries(values.map(([name, value]) => [name, name === 'email' ? (value?.toLowerCase() ?? null) : value]));
};

const refuseTakenEmail = (portal: Portal, email: string | null | undefined, ownId?: string): void => {
  if (!email) return;
  for (const { id, values } of portal.room('contacts').store.live) {
    if (values.email === email && id !== ownId) throw new HubSpotError(409, 'CONFLICT', `Contact already exists. Existing ID: ${id}`);
  }
};

/** One object type: list, read, create, change, archive. https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/guide */
export const addObjectRoutes = (app: FastifyInstance, options: ObjectRoutesOptions): void => {
  const { portal, type } = options;
  const { definition, store } = portal.room(type);
  const objectOf = (id: string, archived = false): CrmObject => {
    const object = store.get(id, { archived });
    if (!object) throw objectNotFound();
    return object;
  };
  const read = { config: readScopes(type) };
  const write = { config: writeScopes(type), schema: { body: writeSchema } };

  app.get('/', read, ({ query }) => {
    const limit = limitOf(query);
    const after = textIn(query, 'after');
    if (after !== undefined && !/^\d+$/.test(after)) throw invalid('The after parameter is not a paging cursor.');
    const shape = { properties: listIn(query, 'properties'), associations: listIn(query, 'associations') };
    // One more than the page, to know whether there is a next one.
    const found = store.after(after, { limit: limit + 1, archived: flagOf(query, 'archived') });
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return {
      results: page.map((object) => represent(portal, definition, object, shape)),
      ...(last ? { paging: { next: { after: last.id, link: `?after=${last.id}` } } } : {}),
    };
  });

  app.get<{ Params: { id: string } }>('/:id', read, ({ params, query }) => {
    const shape = { properties: listIn(query, 'properties'), associations: listIn(query, 'associations') };
    return represent(portal, definition, objectOf(params.id, flagOf(query, 'archived')), shape);
  });

  app.post<{ Body: WriteBody }>('/', write, ({ body }, reply) => {
    const values = valuesOf(options, body);
    refuseTakenEmail(portal, values.email);
    const created = portal.create(type, values, 'API');
    return reply.status(201).send(represent(portal, definition, created, { properties: Object.keys(values) }));
  });

  app.patch<{ Params: { id: string }; Body: WriteBody }>('/:id', write, ({ params, body }) => {
    const object = objectOf(params.id);
    const values = valuesOf(options, body);
    refuseTakenEmail(portal, values.email, object.id);
    return represent(portal, definition, portal.update(type, object, values, 'API'), { properties: Object.keys(values) });
  });

  /** Into the archive. Of one that is not there it says 204 as well. */
  app.delete<{ Params: { id: string } }>('/:id', { config: writeScopes(type) }, ({ params }, reply) => {
    const object = store.get(params.id);
    if (object) portal.archive(type, object, 'API');
    return reply.status(204).send();
  });
};
