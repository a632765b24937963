import { compileHeaderTemplate, compileTextTemplate } from '../expression/slots.ts';
import type { AuthBody } from '../manifest/schema/connection.ts';
import type { CrmRequest } from './crm-http.ts';

/** Puts the sign-in on a request, at the last moment before it leaves, so that nothing else ever holds it. */
export type SignIn = (request: CrmRequest) => CrmRequest;

const withHeader =
  (name: string, value: string): SignIn =>
  (request) => ({ ...request, headers: { ...request.headers, [name]: value } });

/** Replaces the parameter when it is there: a next link often repeats it. */
const withParameter =
  (name: string, value: string): SignIn =>
  (request) => {
    const url = new URL(request.url);
    url.searchParams.set(name, value);
    return { ...request, url: url.href };
  };

export const createSignIn = (auth: AuthBody, settings: Readonly<Record<string, string>>): SignIn => {
  const scope = { settings };
  switch (auth.kind) {
    case 'none':
      return (request) => request;
    case 'apiKey': {
      const value = compileHeaderTemplate(auth.value)(scope);
      return auth.in === 'header' ? withHeader(auth.name, value) : withParameter(auth.name, value);
    }
    case 'basic': {
      const user = compileTextTemplate(auth.user)(scope);
      const password = compileTextTemplate(auth.password)(scope);
      return withHeader('Authorization', `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`);
    }
    case 'bearer':
      return withHeader('Authorization', `${auth.scheme ?? 'Bearer'} ${compileHeaderTemplate(auth.token)(scope)}`);
  }
};
