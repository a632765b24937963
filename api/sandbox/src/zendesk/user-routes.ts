import { type FastifyInstance } from 'fastify';
import { listIn, textIn } from '../crm-kit/query.ts';
import { type Directory } from './directory.ts';
import { badRequest, invalidRecord, notFound } from './errors.ts';
import { pageOf } from './paging.ts';
import { deletedUserJson, userJson } from './represent.ts';
import { type User } from './types.ts';
import { type UserBody, userSchema, userValues } from './write-bodies.ts';

export interface RoutesOptions {
  readonly directory: Directory;
  /** This account's own address, for the links in its answers. */
  readonly baseUrl: () => string;
}

export const manyLimit = 100;

/** Ids of `show_many`; `ids` or `external_ids`. */
export const manyOf = <RecordType extends { readonly id: string; readonly externalId: string | null }>(
  query: unknown,
  find: (id: string) => RecordType | undefined,
  all: readonly RecordType[],
): readonly RecordType[] => {
  const ids = listIn(query, 'ids');
  const externalIds = listIn(query, 'external_ids');
  if (ids.length + externalIds.length === 0) throw badRequest('BadRequest', 'ids or external_ids is required');
  if (ids.length + externalIds.length > manyLimit) throw badRequest('BadRequest', `at most ${manyLimit} records can be shown at once`);
  if (ids.length > 0) return ids.flatMap((id) => find(id) ?? []);
  return all.filter(({ externalId }) => externalId !== null && externalIds.includes(externalId));
};

const digitsOf = (text: string): string => text.replaceAll(/\D/g, '');

/**
 * As far as anybody here asks: `phone:…` and `role:…` are conditions, a text in double quotes is one phrase, all else is looked for in
 * names and addresses. https://support.zendesk.com/hc/en-us/articles/4408886879258-Zendesk-Support-search-reference
 */
const userSearch = (query: string): ((user: User) => boolean) => {
  const tests = [...query.matchAll(/(?:(phone|role):)?(?:"([^"]*)"|(\S+))/gi)].map(([, field = '', phrase, word = '']) => {
    const wanted = (phrase ?? word).toLowerCase();
    if (field.toLowerCase() === 'phone') return (user: User) => digitsOf(user.phone ?? '') === digitsOf(wanted) && digitsOf(wanted) !== '';
    if (field.toLowerCase() === 'role') return (user: User) => user.role === wanted;
    return (user: User) => `${user.name} ${user.email ?? ''}`.toLowerCase().includes(wanted);
  });
  return (user) => tests.every((test) => test(user));
};

const merge = {
  type: 'object',
  required: ['user'],
  properties: { user: { type: 'object', required: ['id'], properties: { id: { type: ['integer', 'string'] } } } },
} as const;

/** https://developer.zendesk.com/api-reference/ticketing/users/users/ and …/deleted_users/ */
export const addUserRoutes = (app: FastifyInstance, { directory, baseUrl }: RoutesOptions): void => {
  const { users } = directory;
  const config = { zendeskResource: 'users' } as const;
  const json = (user: User): object => userJson(user, baseUrl());
  /** A softly deleted one is still found by its id. */
  const userOf = (id: string): User => {
    const user = users.get(id);
    if (!user) throw notFound();
    return user;
  };
  const deletedOf = (id: string): User => {
    const user = userOf(id);
    if (user.active) throw notFound();
    return user;
  };
  const refuseTakenEmail = (email: string | null | undefined, ownId?: string): void => {
    if (!email || !users.listed.some((user) => user.email === email && user.id !== ownId)) return;
    throw invalidRecord('email', `Email: ${email} is already being used by another user`, 'DuplicateValue');
  };

  app.get('/users', { config }, ({ query }) => {
    const roles = [...listIn(query, 'role'), ...listIn(query, 'role[]')];
    const externalId = textIn(query, 'external_id');
    const isWanted = (user: User): boolean =>
      (roles.length === 0 || roles.includes(user.role)) && (externalId === undefined || user.externalId === externalId);
    const records = users.listedWhere(`${roles.join()} ${externalId ?? ''}`, isWanted);
    return pageOf({ records, name: 'users', toJson: json, query, url: `${baseUrl()}/api/v2/users` });
  });
  app.get('/users/count', { config }, ({ query }) => {
    const roles = listIn(query, 'role');
    const value = users.listed.filter(({ role }) => roles.length === 0 || roles.includes(role)).length;
    return { count: { value, refreshed_at: directory.now().toISOString() } };
  });
  app.get('/users/show_many', { config }, ({ query }) => {
    const found = manyOf(query, (id) => users.get(id), users.listed);
    return { users: found.map(json), next_page: null, previous_page: null, count: found.length };
  });
  app.get('/users/search', { config }, ({ query }) => {
    const isWanted = userSearch(textIn(query, 'query') ?? '');
    const externalId = textIn(query, 'external_id');
    const records = users.listed.filter((user) => (externalId === undefined ? isWanted(user) : user.externalId === externalId));
    return pageOf({ records, name: 'users', toJson: json, query, url: `${baseUrl()}/api/v2/users/search` });
  });
  app.get<{ Params: { id: string } }>('/users/:id', { config }, ({ params }) => ({ user: json(userOf(params.id)) }));

  app.post<{ Body: UserBody }>('/users', { config, schema: { body: userSchema } }, ({ body }, reply) => {
    const { name = '', ...values } = userValues(body);
    if (name === '') throw invalidRecord('name', 'Name: cannot be blank', 'BlankValue');
    refuseTakenEmail(values.email);
    return reply.status(201).send({ user: json(directory.createUser({ ...values, name })) });
  });
  app.put<{ Params: { id: string }; Body: UserBody }>('/users/:id', { config, schema: { body: userSchema } }, ({ params, body }) => {
    const user = userOf(params.id);
    const values = userValues(body);
    refuseTakenEmail(values.email, user.id);
    return { user: json(directory.updateUser(user, values)) };
  });
  app.delete<{ Params: { id: string } }>('/users/:id', { config }, ({ params }) => {
    const user = userOf(params.id);
    return { user: json(user.active ? directory.deleteUser(user) : user) };
  });

  /** The user of the address goes into the one of the body. "Agents and admins cannot be merged." */
  app.put<{ Params: { id: string }; Body: { user: { id: number | string } } }>(
    '/users/:id/merge',
    { config, schema: { body: merge } },
    ({ params, body }) => {
      const loser = userOf(params.id);
      const winner = userOf(String(body.user.id));
      const isPossible = loser.id !== winner.id && [loser, winner].every(({ role, active }) => role === 'end-user' && active);
      if (!isPossible) throw invalidRecord('base', 'Only two active end users can be merged', 'InvalidValue');
      return { user: json(directory.mergeUser(loser, winner)) };
    },
  );

  const deletedJson = (user: User): object => deletedUserJson(user, baseUrl());
  app.get('/deleted_users', { config }, ({ query }) => {
    const records = users.unlisted;
    return pageOf({ records, name: 'deleted_users', toJson: deletedJson, query, url: `${baseUrl()}/api/v2/deleted_users` });
  });
  app.get<{ Params: { id: string } }>('/deleted_users/:id', { config }, ({ params }) => ({
    deleted_user: deletedJson(deletedOf(params.id)),
  }));
  app.delete<{ Params: { id: string } }>('/deleted_users/:id', { config }, ({ params }) => ({
    deleted_user: deletedJson(directory.eraseUser(deletedOf(params.id))),
  }));
};
