import { compileHeaderTemplate, compileTextTemplate } from '../expression/slots.ts';
import type { CrmRequest } from '../http/crm-http.ts';
import type { AuthBody } from '../manifest/schema/auth.ts';
import type { AccessToken } from './access-token.ts';
import type { TokenKeeper } from './token-keeper.ts';

export interface SignedRequest {
  readonly request: CrmRequest;
  /** What it was signed with; null for sign-ins that never change. */
  readonly token: AccessToken | null;
}

/** Puts the sign-in on a request, at the last moment before it leaves, so that nothing else ever holds it. */
export interface SignIn {
  apply(request: CrmRequest, signal: AbortSignal): Promise<SignedRequest>;
  /** The CRM has refused this one. true: there is a newer sign-in, so it is worth another try. */
  renew(refused: SignedRequest, signal: AbortSignal): Promise<boolean>;
}

type Put = (request: CrmRequest) => CrmRequest;

const withHeader =
  (name: string, value: string): Put =>
  (request) => ({ ...request, headers: { ...request.headers, [name]: value } });

/** Replaces the parameter when it is there: a next link often repeats it. */
const withParameter =
  (name: string, value: string): Put =>
  (request) => {
    const url = new URL(request.url);
    url.searchParams.set(name, value);
    return { ...request, url: url.href };
  };

const unchanging = (put: Put): SignIn => ({
  apply: async (request) => ({ request: put(request), token: null }),
  renew: async () => false,
});

type StaticAuth = Exclude<AuthBody, { readonly kind: 'session' | 'oauth2' }>;

/** Sign-ins that are in the settings as they are. */
export const createStaticSignIn = (auth: StaticAuth, settings: Readonly<Record<string, string>>): SignIn => {
  const scope = { settings };
  switch (auth.kind) {
    case 'none':
      return unchanging((request) => request);
    case 'apiKey': {
      const value = compileHeaderTemplate(auth.value)(scope);
      return unchanging(auth.in === 'header' ? withHeader(auth.name, value) : withParameter(auth.name, value));
    }
    case 'basic': {
      const user = compileTextTemplate(auth.user)(scope);
      const password = compileTextTemplate(auth.password)(scope);
      return unchanging(withHeader('Authorization', `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`));
    }
    case 'bearer':
      return unchanging(withHeader('Authorization', `${auth.scheme ?? 'Bearer'} ${compileHeaderTemplate(auth.token)(scope)}`));
  }
};

export interface TokenPlace {
  readonly in: 'header' | 'query' | 'cookie';
  readonly name: string;
  readonly prefix: string;
}

const putToken = ({ in: where, name, prefix }: TokenPlace, { value }: AccessToken): Put => {
  const text = `${prefix}${value}`;
  if (where === 'query') return withParameter(name, text);
  return where === 'cookie' ? withHeader('Cookie', `${name}=${text}`) : withHeader(name, text);
};

/** Requests go where the token says, when it says something; whether they may is checked like for any other request. */
const moveTo = (origin: string | null, baseOrigin: string): Put => {
  if (origin === null) return (request) => request;
  return (request) => {
    const url = new URL(request.url);
    if (url.origin !== baseOrigin) return request;
    return { ...request, url: `${origin}${request.url.slice(baseOrigin.length)}` };
  };
};

/** Sign-ins that fetch a token, and another one when it ends. */
export const createTokenSignIn = (keeper: TokenKeeper, place: TokenPlace, baseUrl: string): SignIn => {
  const baseOrigin = new URL(baseUrl).origin;
  return {
    apply: async (request, signal) => {
      const token = await keeper.current(signal);
      return { request: putToken(place, token)(moveTo(token.origin, baseOrigin)(request)), token };
    },
    renew: async ({ token }, signal) => token !== null && (await keeper.replace(token, signal)),
  };
};
