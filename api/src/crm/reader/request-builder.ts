import { asText, TemplateRefusal } from '../expression/filters.ts';
import { isList, isObject } from '../expression/json.ts';
import type { Escape } from '../expression/literals.ts';
import { compileHeaderTemplate, compilePathTemplate, compileValueTemplate, type ValueTemplate } from '../expression/slots.ts';
import type { TemplateScope } from '../expression/template-variables.ts';
import type { RequestBody } from '../manifest/schema/request.ts';
import type { PageAddress, PageParameters } from '../paging/pager.ts';
import type { JsonObject, JsonValue } from '../types.ts';

export interface BuiltRequest {
  readonly method: 'GET' | 'POST' | 'DELETE' | 'PUT' | 'PATCH';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** Throws `TemplateRefusal` when a value cannot stand where the manifest puts it. */
export type RequestBuilder = (scope: TemplateScope, page?: PageAddress) => BuiltRequest;

export type BuildableRequest = Omit<RequestBody, 'method'> & { readonly method?: BuiltRequest['method'] };

/** For messages: what the manifest says, so that nothing of a record is in it, with the name that the CRM has for the table. */
export const showRequest = ({ method = 'GET', path }: BuildableRequest, entity: string | undefined): string =>
  `${method} ${entity === undefined ? path : path.replaceAll('{{entity}}', entity)}`;

const noParameters: PageParameters = { in: 'query', values: {} };

/** A body, or part of one, whose texts are templates. */
export const compileBody = (value: JsonValue | undefined, escape: Escape | null): ValueTemplate => {
  if (typeof value === 'string') return compileValueTemplate(value, escape);
  if (isList(value)) {
    const elements = value.map((element) => compileBody(element, escape));
    return (scope) => elements.map((element) => element(scope) ?? null);
  }
  if (isObject(value)) {
    const members = Object.entries(value).map(([name, member]) => [name, compileBody(member, escape)] as const);
    return (scope) => Object.fromEntries(members.map(([name, member]) => [name, member(scope)]));
  }
  return () => value;
};

const writeParameter = (name: string, value: JsonValue | undefined): readonly string[] => {
  if (value === undefined || value === null) return [];
  if (isList(value)) return value.flatMap((element) => writeParameter(name, element));
  const text = asText(value);
  if (!text.isWellFormed()) throw new TemplateRefusal('the value is broken Unicode');
  return [`${encodeURIComponent(name)}=${encodeURIComponent(text)}`];
};

const compileQuery = (query: RequestBody['query'], escape: Escape | null) => {
  const templates = Object.entries(query ?? {}).map(
    ([name, value]) => [name, typeof value === 'string' ? compileValueTemplate(value, escape) : () => value] as const,
  );
  return (scope: TemplateScope, paging: PageParameters): string => {
    const extra = paging.in === 'query' ? Object.entries(paging.values) : [];
    const own = templates.filter(([name]) => paging.in !== 'query' || !Object.hasOwn(paging.values, name));
    const pairs = [
      ...own.flatMap(([name, value]) => writeParameter(name, value(scope))),
      ...extra.flatMap(([name, value]) => writeParameter(name, value)),
    ];
    return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
  };
};

const compileHeaders = (headers: Readonly<Record<string, string>>) => {
  // Lower case, so that a header of the request replaces one of `http` however either is written.
  const templates = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), compileHeaderTemplate(value)] as const);
  return (scope: TemplateScope): Readonly<Record<string, string>> =>
    Object.fromEntries(templates.map(([name, value]) => [name, value(scope)] as const).filter(([, value]) => value !== ''));
};

/** Puts a value where `a.b` says, into a copy. */
const setAt = (target: JsonObject, [name, ...rest]: readonly string[], value: JsonValue): JsonObject => {
  if (name === undefined) return target;
  if (rest.length === 0) return { ...target, [name]: value };
  const member = target[name];
  return { ...target, [name]: setAt(isObject(member) ? member : {}, rest, value) };
};

const contentTypes = { json: 'application/json', form: 'application/x-www-form-urlencoded', xml: 'text/xml; charset=utf-8' } as const;

const writeForm = (body: JsonObject): string =>
  Object.entries(body)
    .flatMap(([name, value]) => writeParameter(name, value))
    .join('&');

const writeBody = (body: JsonValue, encoding: keyof typeof contentTypes): string => {
  if (encoding === 'xml') return asText(body);
  return encoding === 'form' && isObject(body) ? writeForm(body) : JSON.stringify(body);
};

/** Compiles a request of the manifest; what is left to do per request is to put values in. */
export const compileRequest = (options: {
  readonly request: BuildableRequest;
  readonly baseUrl: string;
  readonly commonHeaders: Readonly<Record<string, string>>;
  readonly settings: JsonObject;
}): RequestBuilder => {
  const { request, baseUrl, commonHeaders, settings } = options;
  const { method = 'GET', encoding = 'json', escape = null } = request;
  const path = compilePathTemplate(request.path);
  const query = compileQuery(request.query, escape);
  const headers = compileHeaders({ accept: 'application/json', 'user-agent': 'crm-sync', ...commonHeaders, ...request.headers });
  // The manifest came from YAML, which knows nothing that JSON does not.
  const body = compileBody(request.body as JsonValue | undefined, encoding === 'xml' ? 'xml' : escape);
  return (operationScope, page) => {
    const scope = { settings, ...operationScope };
    if (page !== undefined && 'url' in page) return { method: 'GET', url: page.url, headers: headers(scope), body: null };
    const paging = page?.parameters ?? noParameters;
    const written = body(scope);
    const ownBody = isObject(written) ? written : {};
    const fullBody =
      paging.in === 'body'
        ? Object.entries(paging.values).reduce((all, [name, value]) => setAt(all, name.split('.'), value), ownBody)
        : written;
    const hasBody = method !== 'GET' && fullBody !== undefined;
    return {
      method,
      url: `${baseUrl}${path(scope)}${query(scope, paging)}`,
      headers: hasBody ? { 'content-type': contentTypes[encoding], ...headers(scope) } : headers(scope),
      body: hasBody ? writeBody(fullBody, encoding) : null,
    };
  };
};
