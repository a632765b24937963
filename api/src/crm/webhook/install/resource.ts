import { AppError } from '../../../errors/app-error.ts';
import { compileListPath, compilePath } from '../../expression/compile.ts';
import { isList, isObject } from '../../expression/json.ts';
import { compileTextTemplate } from '../../expression/slots.ts';
import type { TemplateScope } from '../../expression/template-variables.ts';
import type { CrmAnswer, CrmHttp } from '../../http/crm-http.ts';
import type { ChangeBody, ResourceBody } from '../../manifest/schema/webhook-install.ts';
import { type BuildableRequest, type BuiltRequest, compileRequest } from '../../reader/request-builder.ts';
import type { JsonObject, JsonValue } from '../../types.ts';

/** What requests that make webhooks are sent with. */
export interface InstallConnection {
  readonly sourceId: string;
  readonly http: CrmHttp;
  readonly baseUrl: string;
  readonly commonHeaders: Readonly<Record<string, string>>;
  readonly settings: JsonObject;
  /** Whose data it is, before anything is changed in it. Throws `crm.other_tenant`. */
  readonly prepare: (signal: AbortSignal) => Promise<unknown>;
}

export type Item = Readonly<Record<string, string | number | boolean>>;

/** More pages of webhooks than this are an answer that repeats itself. */
const mostPages = 100;
const notThere: ReadonlySet<number> = new Set([404]);

/** Where nothing stands, and where something empty stands, is the same to a CRM. Lists and objects are written so that they can be compared. */
const textOf = (value: JsonValue | undefined): string => {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

const sorted = (texts: readonly string[]): string => JSON.stringify([...texts].sort());

/** One kind of thing in the CRM, and the requests for it. */
export interface Resource {
  readonly what: string;
  /** null: there is one alone, whatever `each` would say. */
  readonly items: readonly (Item | null)[];
  readonly isOnly: boolean;
  readonly canUpdate: boolean;
  readonly secretSetting: string | null;
  list(signal: AbortSignal): Promise<readonly JsonObject[]>;
  isOurs(found: JsonObject, item: Item | null): boolean;
  isRight(found: JsonObject, item: Item | null): boolean;
  create(item: Item | null, signal: AbortSignal): Promise<void>;
  /** As `create` where the manifest knows no other way, as for a setting that is put. */
  update(found: JsonObject, item: Item | null, signal: AbortSignal): Promise<void>;
  remove(found: JsonObject, item: Item | null, signal: AbortSignal): Promise<void>;
  readSecret(found: JsonObject, signal: AbortSignal): Promise<string>;
}

export const compileResource = (options: {
  readonly body: ResourceBody;
  readonly fields: Readonly<Record<string, readonly string[]>>;
  readonly connection: InstallConnection;
  readonly scope: TemplateScope;
}): Resource => {
  const { body, fields, connection, scope } = options;
  const { sourceId, http, settings } = connection;
  const fixed: TemplateScope = { ...scope, settings };

  const ask = async (request: BuiltRequest, method: string, path: string, signal: AbortSignal): Promise<CrmAnswer> => {
    const what = `${body.what} (${method} ${path})`;
    // What answers a change may be anything, and says nothing that we need.
    const takesText = method === 'GET' ? {} : ({ takesText: true } as const);
    return http.send({ ...request, ...takesText, operation: 'webhooks', what, missingStatuses: notThere, urgency: 'person' }, signal);
  };
  const asker = (request: BuildableRequest) => {
    const build = compileRequest({ request, ...connection });
    const { method = 'GET', path } = request;
    return {
      send: (own: TemplateScope, signal: AbortSignal) => ask(build({ ...fixed, ...own }), method, path, signal),
      follow: (url: string, signal: AbortSignal) => ask(build(fixed, { url }), method, path, signal),
      what: `${body.what} (${method} ${path})`,
    };
  };
  const changer = (request: ChangeBody) => {
    const { send, what } = asker({ method: 'POST', ...request });
    return async (own: TemplateScope, signal: AbortSignal): Promise<void> => {
      const { meaning, status } = await send(own, signal);
      // Already gone: that is what a removal wants, and what no other change can live with.
      if (meaning === 'missing' && request.method !== 'DELETE') throw new AppError('crm.refused', { source: sourceId, what, status });
    };
  };

  const lists = asker(body.list);
  const selectRecords = compileListPath(body.list.records ?? '$');
  const selectNext = body.list.next === undefined ? null : compilePath(body.list.next);
  const matches = Object.entries(body.match).map(([path, text]) => ({ select: compilePath(path), render: compileTextTemplate(text) }));
  const wanted = Object.entries(body.same ?? {}).map(([path, value]) => {
    const select = compilePath(path);
    if (!Array.isArray(value)) {
      const render = compileTextTemplate(String(value));
      return (found: JsonObject, own: TemplateScope) => textOf(select(found)) === render(own);
    }
    const renders = value.map(compileTextTemplate);
    return (found: JsonObject, own: TemplateScope) => {
      const there = select(found);
      return isList(there) && sorted(there.map(textOf)) === sorted(renders.map((render) => render(own)));
    };
  });
  const scopeFor = (item: Item | null, current?: JsonObject): TemplateScope => ({
    ...fixed,
    ...(item === null ? {} : { item }),
    ...(current === undefined ? {} : { current }),
  });
  const create = changer(body.create);
  const update = body.update === undefined ? create : changer(body.update);
  const remove = changer(body.remove);
  const secrets = body.secret === undefined ? null : { ...asker(body.secret), select: compilePath(body.secret.value) };
  const eachField = (body.eachField ?? []).flatMap(({ table, values = {} }) =>
    (fields[table] ?? []).map((field): Item => ({ ...values, field })),
  );
  const items = [...(body.each ?? []), ...eachField];

  return {
    what: body.what,
    items: items.length === 0 ? [null] : items,
    isOnly: body.only === true,
    canUpdate: body.update !== undefined || body.only === true,
    secretSetting: body.secret?.setting ?? null,
    list: async (signal) => {
      const found: JsonObject[] = [];
      let answer = await lists.send({}, signal);
      for (let pages = 1; ; pages += 1) {
        if (answer.meaning !== 'ok') return found;
        found.push(
          ...selectRecords(answer.body)
            .flatMap((one) => (isList(one) ? one : [one]))
            .filter(isObject),
        );
        const next = selectNext?.(answer.body);
        if (typeof next !== 'string' || next === '') return found;
        if (pages >= mostPages)
          throw new AppError('crm.bad_answer', { source: sourceId, what: lists.what, problem: 'its pages do not end' });
        answer = await lists.follow(next, signal);
      }
    },
    isOurs: (found, item) => matches.every(({ select, render }) => textOf(select(found)) === render(scopeFor(item))),
    isRight: (found, item) => wanted.every((holds) => holds(found, scopeFor(item))),
    create: (item, signal) => create(scopeFor(item), signal),
    update: (found, item, signal) => update(scopeFor(item, found), signal),
    remove: (found, item, signal) => remove(scopeFor(item, found), signal),
    readSecret: async (found, signal) => {
      if (secrets === null) return '';
      const { meaning, body: answer } = await secrets.send(scopeFor(null, found), signal);
      const secret = meaning === 'ok' ? secrets.select(answer) : undefined;
      if (typeof secret === 'string' && secret !== '') return secret;
      throw new AppError('crm.bad_answer', {
        source: sourceId,
        what: secrets.what,
        problem: `there is no secret at “${body.secret?.value ?? ''}”`,
      });
    },
  };
};
