import Type, { type Static } from 'typebox';
import { byKind, choice, duration, flag, headerTemplate, kind, mapping, named, path, template, text, urlTemplate } from './parts.ts';
import { headers, encodings, requestFields } from './request.ts';

const which = {
  id: Type.Optional(
    Type.String({
      pattern: '^[a-z][A-Za-z0-9]{0,39}$',
      description: 'Its name, where there are several to choose from.',
      examples: ['oauth'],
    }),
  ),
  title: Type.Optional(text('What the admin sees, where there are several to choose from.', 'OAuth (recommended)')),
};
const templates = (description: string, example: Readonly<Record<string, string>>) =>
  Type.Optional(Type.Record(Type.String({ minLength: 1 }), template('Its value.'), { description, examples: [example] }));

const None = mapping({ kind: kind('none'), ...which }, 'No sign-in.');
const ApiKey = mapping(
  {
    kind: kind('apiKey'),
    ...which,
    in: choice(['header', 'query'], 'Where the key goes. Prefer the header: addresses end up in logs.'),
    name: text('Name of the header or query parameter.', 'X-Api-Key'),
    value: headerTemplate('The key.', '{{settings.apiKey}}', 'Token token={{settings.apiKey}}'),
  },
  'A key in a header or in the address.',
);
const Basic = mapping(
  {
    kind: kind('basic'),
    ...which,
    user: template('The user name.', '{{settings.userName}}', '{{settings.email}}/token'),
    password: template('The password or token.', '{{settings.password}}'),
  },
  'HTTP Basic.',
);
const Bearer = mapping(
  {
    kind: kind('bearer'),
    ...which,
    token: headerTemplate('The token.', '{{settings.token}}'),
    scheme: Type.Optional(text('The word before the token, when it is not Bearer.', 'Token')),
  },
  'Authorization: Bearer.',
);

const tokenFields = {
  baseUrlFrom: Type.Optional(
    path(
      'Where the answer names the address that requests go to. Its host takes the place of baseUrl’s and must be allowed by `hosts`.',
      'instance_url',
      'api_domain',
    ),
  ),
  lifetime: Type.Optional(
    duration('How long a token lives, when the answer does not say. Without either, until the CRM refuses it.', '1h'),
  ),
  refreshEarly: Type.Optional(duration('So long before its end a token is replaced; 60s when left out.', '60s')),
  minInterval: Type.Optional(
    duration('Tokens are never fetched more often than this, for CRMs that lock accounts which do; no limit when left out.', '1m'),
  ),
};

const Session = mapping(
  {
    kind: kind('session'),
    ...which,
    login: mapping(
      { ...requestFields, method: Type.Optional(choice(['GET', 'POST'], 'POST when left out.')) },
      'The request that signs in.',
    ),
    token: Type.Union(
      [
        path('Where the answer holds the token.', 'access_token', 'session.id'),
        mapping({ header: text('Name of the header.', 'X-Session-Token') }, 'In a header.'),
        mapping({ cookie: text('Name of the cookie.', 'JSESSIONID') }, 'In a cookie.'),
      ],
      { description: 'Where the answer holds the token: a path into its body, {header: name} or {cookie: name}.' },
    ),
    expiresIn: Type.Optional(path('Where the answer says how many seconds the token lives.', 'expires_in')),
    send: mapping(
      {
        in: choice(['header', 'query', 'cookie'], 'Where requests carry the token.'),
        name: text('Name of the header, parameter or cookie.', 'OAuth-Token'),
        prefix: Type.Optional(text('What stands before the token.', 'Session ')),
      },
      'How requests carry the token.',
    ),
    ...tokenFields,
  },
  'Signs in with a request of its own and carries the token that it gets. Again when the CRM answers 401, or what `errors` calls signInAgain.',
);

const Jwt = mapping(
  {
    key: template('The private key as PEM (RS256, ES256), or the shared secret (HS256).', '{{settings.privateKey}}'),
    alg: Type.Optional(choice(['RS256', 'ES256', 'HS256'], 'How it is signed; RS256 when left out.')),
    keyId: Type.Optional(template('`kid` of its header.', '{{settings.keyId}}')),
    issuer: template('`iss`.', '{{settings.clientId}}'),
    subject: Type.Optional(template('`sub`.', '{{settings.userName}}')),
    audience: template('`aud`.', 'https://login.salesforce.com'),
    lifetime: Type.Optional(duration('How long the assertion is good for; 3m when left out.', '3m')),
    claims: templates('Further claims.', { tenant: '{{settings.tenant}}' }),
  },
  'The assertion that is signed for grant jwtBearer.',
);

const OAuth2 = mapping(
  {
    kind: kind('oauth2'),
    ...which,
    grant: choice(
      ['clientCredentials', 'refreshToken', 'jwtBearer', 'authorizationCode'],
      'How tokens are got. authorizationCode needs `crm-sync sources connect` once, where an admin signs in with a browser.',
    ),
    tokenUrl: urlTemplate('Where tokens are fetched.', 'https://{{settings.host}}/oauth/token'),
    clientId: template('The client id.', '{{settings.clientId}}'),
    clientSecret: Type.Optional(template('The client secret.', '{{settings.clientSecret}}')),
    clientAuth: Type.Optional(choice(['body', 'basic'], 'Where id and secret go: in the body (when left out), or as HTTP Basic.')),
    encoding: Type.Optional(
      choice(encodings.slice(0, 2) as ['form', 'json'], 'How the request for a token is written; form when left out.'),
    ),
    scope: Type.Optional(template('The scopes, separated by spaces.', 'contacts.read companies.read')),
    extra: templates('Further parameters of the request for a token.', { audience: 'https://api.example.com' }),
    headers: Type.Optional(headers('Further headers of the request for a token.')),
    refreshToken: Type.Optional(template('grant refreshToken: the first one.', '{{settings.refreshToken}}')),
    jwt: Type.Optional(Jwt),
    authorizeUrl: Type.Optional(
      urlTemplate('grant authorizationCode: where the browser is sent.', 'https://{{settings.host}}/oauth/authorize'),
    ),
    authorizeExtra: templates('grant authorizationCode: further parameters of that address.', { access_type: 'offline' }),
    pkce: Type.Optional(flag('grant authorizationCode: proof key (RFC 7636); true when left out.')),
    response: Type.Optional(
      mapping(
        {
          accessToken: Type.Optional(path('The token; access_token when left out.', 'access_token')),
          expiresIn: Type.Optional(path('Its lifetime in seconds; expires_in when left out.', 'expires_in')),
          refreshToken: Type.Optional(path('The next refresh token; refresh_token when left out.', 'refresh_token')),
        },
        'Where the answer holds what, when not as RFC 6749 says.',
      ),
    ),
    scheme: Type.Optional(text('The word before the token, when it is not Bearer.', 'Zoho-oauthtoken')),
    ...tokenFields,
  },
  'OAuth 2. A refresh token that changes with every use is stored, encrypted, before the new access token is used.',
);

export const Auth = named('Auth', byKind([None, ApiKey, Basic, Bearer, Session, OAuth2], 'How each request signs in.'));

export const AuthChoice = Type.Union(
  [Auth, Type.Array(Auth, { minItems: 1, maxItems: 8, description: 'Several to choose from, each with an id.' })],
  {
    description: 'How each request signs in. A list offers several, and the setting signIn chooses one by its id; the first when left out.',
  },
);

export type AuthBody = Static<typeof Auth>;
export type SessionBody = Static<typeof Session>;
export type OAuth2Body = Static<typeof OAuth2>;
export type JwtBody = Static<typeof Jwt>;
