import { createHash } from 'node:crypto';
import { AppError } from '../../errors/app-error.ts';
import { compilePath } from '../expression/compile.ts';
import { compileHeaderTemplate, compileTextTemplate, compileUrlTemplate } from '../expression/slots.ts';
import type { CrmAnswer, CrmHttp } from '../http/crm-http.ts';
import type { OAuth2Body } from '../manifest/schema/auth.ts';
import { durationMs } from '../value/duration.ts';
import type { AccessToken } from './access-token.ts';
import { createAssertion } from './jwt-assertion.ts';
import { asToken, compileTokenAnswer, errorWordIn, refuseSignIn } from './token-answer.ts';

export interface TokenRequestOptions {
  readonly sourceId: string;
  readonly auth: OAuth2Body;
  readonly settings: Readonly<Record<string, string>>;
  /** Makes the requests; may reach the host of tokenUrl and no other. */
  readonly http: CrmHttp;
  readonly nowMs: () => number;
}

export interface OAuth2 {
  readonly seed: string | null;
  /** For all grants but the first time of authorizationCode. */
  readonly obtain: (before: AccessToken | null, signal: AbortSignal) => Promise<AccessToken>;
  /** Ends the browser step. */
  readonly exchangeCode: (code: string, redirectUri: string, verifier: string | null, signal: AbortSignal) => Promise<AccessToken>;
}

type Parameters = Readonly<Record<string, string>>;

const grantTypes = { jwtBearer: 'urn:ietf:params:oauth:grant-type:jwt-bearer', clientCredentials: 'client_credentials' } as const;

export const renderAll = (templates: Parameters | undefined, settings: Parameters): Parameters =>
  Object.fromEntries(Object.entries(templates ?? {}).map(([name, value]) => [name, compileTextTemplate(value)({ settings })]));

/** RFC 6749, 2.3.1: both are form-encoded before they are joined. */
const basicHeader = (id: string, secret: string): string =>
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`;

/** How the request for a token looks, but for what its grant adds. */
const compileTokenRequest = ({ sourceId, auth, settings, http }: TokenRequestOptions) => {
  const render = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : compileTextTemplate(text)({ settings });
  const url = compileUrlTemplate(auth.tokenUrl)({ settings });
  const clientId = render(auth.clientId) ?? '';
  const clientSecret = render(auth.clientSecret);
  const scope = render(auth.scope);
  const extra = renderAll(auth.extra, settings);
  const isBasic = auth.clientAuth === 'basic';
  const client: Parameters = isBasic ? {} : { client_id: clientId, ...(clientSecret === undefined ? {} : { client_secret: clientSecret }) };
  const headers: Parameters = {
    accept: 'application/json',
    'user-agent': 'crm-sync',
    'content-type': auth.encoding === 'json' ? 'application/json' : 'application/x-www-form-urlencoded',
    ...Object.fromEntries(
      Object.entries(auth.headers ?? {}).map(([name, value]) => [name.toLowerCase(), compileHeaderTemplate(value)({ settings })]),
    ),
    ...(isBasic ? { authorization: basicHeader(clientId, clientSecret ?? '') } : {}),
  };
  return async (grant: Parameters, withScope: boolean, signal: AbortSignal): Promise<CrmAnswer> => {
    const parameters = { ...grant, ...client, ...(scope === undefined || !withScope ? {} : { scope }), ...extra };
    const body = auth.encoding === 'json' ? JSON.stringify(parameters) : new URLSearchParams(parameters).toString();
    const answer = await http.send(
      { method: 'POST', url, headers, body, operation: 'probe', what: 'the sign-in', missingStatuses: new Set(), urgency: 'person' },
      signal,
    );
    if (answer.status < 200 || answer.status > 299) {
      if (errorWordIn(answer.body) === 'invalid_grant' && grant.refresh_token !== undefined)
        throw new AppError('crm.signed_out', { source: sourceId });
      throw refuseSignIn(sourceId, answer);
    }
    return answer;
  };
};

export const createOAuth2 = (options: TokenRequestOptions): OAuth2 => {
  const { sourceId, auth, settings, nowMs } = options;
  const request = compileTokenRequest(options);
  const { accessToken = 'access_token', expiresIn = 'expires_in', refreshToken = 'refresh_token' } = auth.response ?? {};
  const selectToken = compilePath(accessToken);
  const selectRefresh = compilePath(refreshToken);
  const lifetimeMs = auth.lifetime === undefined ? null : durationMs(auth.lifetime);
  const readRest = compileTokenAnswer({ sourceId, lifetimeMs, expiresIn, baseUrlFrom: auth.baseUrlFrom });
  const first = auth.refreshToken === undefined ? null : compileTextTemplate(auth.refreshToken)({ settings });
  const seed = first === null ? null : createHash('sha256').update(first).digest('hex');
  const assertion = auth.jwt === undefined ? null : createAssertion({ sourceId, jwt: auth.jwt, settings });

  const read = (answer: CrmAnswer, before: string | null): AccessToken => {
    const value = asToken(selectToken(answer.body));
    // Some CRMs say what is wrong with HTTP 200.
    if (value === null) throw refuseSignIn(sourceId, answer);
    const obtainedOnMs = nowMs();
    return {
      value,
      obtainedOnMs,
      refreshToken: asToken(selectRefresh(answer.body)) ?? before,
      seed,
      ...readRest(answer.body, obtainedOnMs),
    };
  };

  const refresh = async (token: string, signal: AbortSignal): Promise<AccessToken> =>
    read(await request({ grant_type: 'refresh_token', refresh_token: token }, false, signal), token);

  return {
    seed,
    obtain: async (before, signal) => {
      switch (auth.grant) {
        case 'clientCredentials':
          return read(await request({ grant_type: grantTypes.clientCredentials }, true, signal), null);
        case 'jwtBearer':
          return read(await request({ grant_type: grantTypes.jwtBearer, assertion: assertion?.(nowMs()) ?? '' }, true, signal), null);
        case 'refreshToken':
        case 'authorizationCode': {
          const token = before?.refreshToken ?? first;
          if (token === null) throw new AppError(before === null ? 'crm.not_signed_in' : 'crm.signed_out', { source: sourceId });
          return refresh(token, signal);
        }
      }
    },
    exchangeCode: async (code, redirectUri, verifier, signal) => {
      const grant = {
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        ...(verifier === null ? {} : { code_verifier: verifier }),
      };
      return read(await request(grant, false, signal), null);
    },
  };
};
