import type { FastifyInstance, FastifyReply } from 'fastify';
import type { bodySchemas } from './body-schemas.ts';
import type { Collection } from './collection.ts';
import { type SearchKind, readListQuery } from './list-query.ts';
import { Refusal } from '../crm-kit/refusal.ts';
import type { Keepable } from '../crm-data/types.ts';
import { notFound } from './problem.ts';
import { recordJson, recordsJson } from './wire.ts';

interface CollectionRoutesOptions<RecordType extends Keepable, Values extends object> {
  readonly collection: Collection<RecordType, Values>;
  readonly schemas: (typeof bodySchemas)['companies' | 'people'];
}

const sendJson = (reply: FastifyReply, json: string): FastifyReply => reply.type('application/json; charset=utf-8').send(json);

const textIn = (record: object, ...names: readonly string[]): readonly string[] =>
  names.map((name): unknown => Reflect.get(record, name)).filter((value) => typeof value === 'string');

/** An e-mail address as a whole, a number by its last digits, all words of a name. */
const isFound = (record: object, { by, text }: { readonly by: SearchKind; readonly text: string }): boolean => {
  const wanted = text.toLowerCase();
  if (by === 'email') return textIn(record, 'email').some((email) => email.toLowerCase() === wanted);
  const digits = wanted.replaceAll(/\D/g, '');
  if (by === 'phone')
    return digits !== '' && textIn(record, 'phone', 'mobile').some((phone) => phone.replaceAll(/\D/g, '').endsWith(digits));
  const name = textIn(record, 'name', 'full_name').join(' ').toLowerCase();
  return wanted.split(' ').every((word) => name.includes(word));
};

/** `/companies` or `/people`: search, list, get many, get one, create, change, delete. */
export const addCollectionRoutes = <RecordType extends Keepable, Values extends object>(
  app: FastifyInstance,
  { collection, schemas }: CollectionRoutesOptions<RecordType, Values>,
): void => {
  const path = `/${collection.name}`;

  const recordOf = (id: string): RecordType => {
    const record = collection.get(id);
    if (!record) throw notFound(`record ${id} in ${collection.name}`);
    return record;
  };

  app.get<{ Querystring: Record<string, unknown> }>(path, (request, reply) => {
    const query = readListQuery(request.query);
    if (query.kind === 'ids') {
      const records = query.ids.flatMap((id) => collection.get(id) ?? []);
      return sendJson(reply, `{"data":${recordsJson(collection.name, records)}}`);
    }
    if (query.kind === 'search') {
      const records = collection.search({ isWanted: (record) => isFound(record, query), limit: query.limit });
      return sendJson(reply, `{"data":${recordsJson(collection.name, records)}}`);
    }
    const { records, total } = collection.page({ ...query, offset: (query.page - 1) * query.perPage, limit: query.perPage });
    const { data, ...counts } = {
      data: recordsJson(collection.name, records),
      page: query.page,
      per_page: query.perPage,
      total_pages: Math.ceil(total / query.perPage),
      total,
    };
    return sendJson(reply, `{"data":${data},${JSON.stringify(counts).slice(1)}`);
  });

  app.get<{ Params: { id: string } }>(`${path}/:id`, (request, reply) =>
    sendJson(reply, recordJson(collection.name, recordOf(request.params.id))),
  );

  app.post<{ Body: { readonly id?: string } }>(path, { schema: { body: schemas.create } }, (request, reply) => {
    // The rest is what the schema let in, which is the collection's values.
    const { id, ...values } = request.body;
    if (id !== undefined && collection.get(id)) throw new Refusal(409, 'conflict', `There is a record ${id} already.`);
    const record = collection.create(values as Values, id);
    return sendJson(reply.status(201), recordJson(collection.name, record));
  });

  app.patch<{ Params: { id: string }; Body: { readonly deleted_at?: null } }>(
    `${path}/:id`,
    { schema: { body: schemas.patch } },
    (request, reply) => {
      const { deleted_at: restored, ...values } = request.body;
      let record = recordOf(request.params.id);
      if (record.deleted_at !== null) {
        if (restored === undefined) throw new Refusal(409, 'deleted', 'The record is deleted. Restore it with {"deleted_at": null}.');
        record = collection.restore(record);
      }
      if (Object.keys(values).length > 0) record = collection.update(record, values);
      return sendJson(reply, recordJson(collection.name, record));
    },
  );

  /** Soft, and the same again when it was deleted before. */
  app.delete<{ Params: { id: string } }>(`${path}/:id`, (request, reply) => {
    const record = recordOf(request.params.id);
    if (record.deleted_at === null) collection.delete(record);
    return reply.status(204).send();
  });
};
