import type { FastifyInstance } from 'fastify';
import { userId } from '../data/identity.ts';
import { idOf } from '../data/ids.ts';
import { type ObjectDefinition, findObject, objectNames } from '../data/objects.ts';
import { type SObject, valueOf } from '../data/sobject.ts';
import { SalesforceError, errors } from '../errors.ts';
import { recordJson } from '../soql/represent.ts';
import { resolvePath } from '../soql/resolve-path.ts';
import { type ObjectParams, type RestContext, objectOf, versionOf } from './context.ts';
import { describe, objectSummary } from './describe.ts';
import { readValues, requireFields } from './read-values.ts';

type RecordParams = ObjectParams & { readonly id: string };

const fieldNames = (object: ObjectDefinition, asked: string | undefined): readonly string[] =>
  asked === undefined
    ? object.fields.map((field) => field.name)
    : asked
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '');

/**
 * `/sobjects`: what there is, and one record: read, create, change, delete.
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_retrieve.htm
 */
export const addSobjectRoutes = (app: FastifyInstance, { org }: RestContext): void => {
  const liveRecord = (object: ObjectDefinition, id: string): SObject => {
    if (idOf(id) === undefined)
      throw new SalesforceError(404, 'NOT_FOUND', 'Provided external ID field does not exist or is not accessible: ' + id);
    const record = org.get(object.name, id);
    if (!record) throw errors.noSuchResource();
    if (record.IsDeleted) throw errors.deleted();
    return record;
  };
  const writable = (params: ObjectParams): ObjectDefinition => {
    const object = objectOf(params);
    if (!object.isWritable) throw new SalesforceError(405, 'METHOD_NOT_ALLOWED', 'HTTP Method not allowed.');
    return object;
  };

  app.get('/sobjects', (request) => ({
    encoding: 'UTF-8',
    maxBatchSize: 200,
    sobjects: objectNames.flatMap((name) => findObject(name) ?? []).map((object) => objectSummary(versionOf(request), object)),
  }));
  app.get<{ Params: ObjectParams }>('/sobjects/:object/describe', (request) => describe(versionOf(request), objectOf(request.params)));
  app.get<{ Params: ObjectParams }>('/sobjects/:object', (request) => ({
    objectDescribe: objectSummary(versionOf(request), objectOf(request.params)),
    recentItems: [],
  }));

  app.get<{ Params: RecordParams; Querystring: { fields?: string } }>('/sobjects/:object/:id', (request) => {
    const object = objectOf(request.params);
    const columns = fieldNames(object, request.query.fields).map((name) => resolvePath(object, name));
    return recordJson({ org, version: versionOf(request), objectName: object.name, columns }, liveRecord(object, request.params.id));
  });

  app.post<{ Params: ObjectParams }>('/sobjects/:object', (request, reply) => {
    const object = writable(request.params);
    const values = readValues(org, object, request.body);
    requireFields(object, values);
    const { Id } = org.create(object.name, { OwnerId: userId, ...values });
    return reply.status(201).send({ id: Id, success: true, errors: [] });
  });

  app.patch<{ Params: RecordParams }>('/sobjects/:object/:id', (request, reply) => {
    const object = writable(request.params);
    const record = liveRecord(object, request.params.id);
    const values = readValues(org, object, request.body);
    requireFields(object, { ...Object.fromEntries(object.required.map((name) => [name, valueOf(record, name)])), ...values });
    org.update(object.name, [record], values);
    return reply.status(204).send();
  });

  app.delete<{ Params: RecordParams }>('/sobjects/:object/:id', (request, reply) => {
    const object = writable(request.params);
    org.delete(object.name, liveRecord(object, request.params.id));
    return reply.status(204).send();
  });
};
