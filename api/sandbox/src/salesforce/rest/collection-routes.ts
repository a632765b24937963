import type { FastifyInstance } from 'fastify';
import { SalesforceError, errors } from '../errors.ts';
import { recordJson } from '../soql/represent.ts';
import { resolvePath } from '../soql/resolve-path.ts';
import { type ObjectParams, type RestContext, objectOf, versionOf } from './context.ts';

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections_retrieve.htm */
const idsLimit = 2_000;

const body = {
  type: 'object',
  required: ['ids', 'fields'],
  properties: { ids: { type: 'array', items: { type: 'string' } }, fields: { type: 'array', minItems: 1, items: { type: 'string' } } },
} as const;

interface Wanted {
  readonly ids: readonly string[];
  readonly fields: readonly string[];
}

const listOf = (text: string | undefined): readonly string[] => (text ?? '').split(',').flatMap((part) => part.trim() || []);

/** Records by id, in the order asked for; null for one that is not there. One unknown field fails all. */
export const addCollectionRoutes = (app: FastifyInstance, { org }: RestContext): void => {
  const retrieve = (params: ObjectParams, version: string, { ids, fields }: Wanted) => {
    const object = objectOf(params);
    if (ids.length > idsLimit) {
      throw new SalesforceError(
        400,
        'EXCEEDED_ID_LIMIT',
        `record limit reached. cannot submit more than ${idsLimit} records into this call`,
      );
    }
    if (fields.length === 0) throw errors.invalidField('fields is required');
    const columns = fields.map((name) => resolvePath(object, name));
    return ids.map((id) => {
      const record = org.get(object.name, id);
      return record && !record.IsDeleted ? recordJson({ org, version, objectName: object.name, columns }, record) : null;
    });
  };

  app.get<{ Params: ObjectParams; Querystring: { ids?: string; fields?: string } }>('/composite/sobjects/:object', (request) =>
    retrieve(request.params, versionOf(request), { ids: listOf(request.query.ids), fields: listOf(request.query.fields) }),
  );
  app.post<{ Params: ObjectParams; Body: Wanted }>('/composite/sobjects/:object', { schema: { body } }, (request) =>
    retrieve(request.params, versionOf(request), request.body),
  );
};
