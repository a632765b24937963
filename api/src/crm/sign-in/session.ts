import { compilePath } from '../expression/compile.ts';
import type { CrmAnswer, CrmHttp } from '../http/crm-http.ts';
import type { SessionBody } from '../manifest/schema/auth.ts';
import { compileRequest } from '../reader/request-builder.ts';
import { durationMs } from '../value/duration.ts';
import type { AccessToken } from './access-token.ts';
import { asToken, compileTokenAnswer, refuseSignIn } from './token-answer.ts';

type TokenReader = (answer: CrmAnswer) => string | null;

const cookieValue = (cookies: readonly string[], name: string): string | undefined =>
  cookies.map((cookie) => /^\s*([^=;]+)=("?)([^;]*?)\2(?:;|$)/.exec(cookie)).find((match) => match?.[1]?.trim() === name)?.[3];

const compileToken = (token: SessionBody['token']): TokenReader => {
  if (typeof token === 'string') {
    const select = compilePath(token);
    return ({ body }) => asToken(select(body));
  }
  if ('header' in token) return ({ header }) => asToken(header(token.header.toLowerCase()));
  return ({ cookies }) => asToken(cookieValue(cookies, token.cookie));
};

/** Signs in with the manifest’s own request. */
export const createSessionLogin = (options: {
  readonly sourceId: string;
  readonly auth: SessionBody;
  readonly settings: Readonly<Record<string, string>>;
  readonly baseUrl: string;
  readonly commonHeaders: Readonly<Record<string, string>>;
  readonly http: CrmHttp;
  readonly nowMs: () => number;
}): ((before: AccessToken | null, signal: AbortSignal) => Promise<AccessToken>) => {
  const { sourceId, auth, settings, http, nowMs } = options;
  const build = compileRequest({ ...options, request: { method: 'POST', ...auth.login } });
  const readToken = compileToken(auth.token);
  const lifetimeMs = auth.lifetime === undefined ? null : durationMs(auth.lifetime);
  const readRest = compileTokenAnswer({ sourceId, lifetimeMs, expiresIn: auth.expiresIn, baseUrlFrom: auth.baseUrlFrom });
  return async (_before, signal) => {
    const request = {
      ...build({ settings }),
      operation: 'probe',
      what: 'the sign-in',
      missingStatuses: new Set<number>(),
      urgency: 'person',
    } as const;
    const answer = await http.send(request, signal);
    const value = readToken(answer);
    if (answer.status < 200 || answer.status > 299 || value === null) throw refuseSignIn(sourceId, answer);
    const obtainedOnMs = nowMs();
    return { value, obtainedOnMs, refreshToken: null, seed: null, ...readRest(answer.body, obtainedOnMs) };
  };
};
