import { lintInstall } from './lint-install.ts';
import { hasBodyPaths, signedTokensIn } from '../webhook/signed-text.ts';
import type { Manifest } from './schema/manifest.ts';
import type { EventBody, HandshakeBody, WebhooksBody } from './schema/webhook.ts';
import type { HmacBody, JwtBody, PublicKeyBody, VerifyBody } from './schema/webhook-verify.ts';
import type { YamlProblem } from '../../yaml/schema-problems.ts';
import type { YamlPath } from '../../yaml/source-lines.ts';

const lintSetting = (manifest: Manifest, name: string, path: YamlPath, types: readonly string[]): readonly YamlProblem[] => {
  const settings = new Map(Object.entries(manifest.connection.settings ?? {}));
  const type = settings.get(name)?.type;
  return type !== undefined && types.includes(type)
    ? []
    : [{ path, problem: `there is no setting “${name}” of type ${types.join(' or ')} under connection.settings` }];
};

const lintSecrets = (manifest: Manifest, verify: VerifyBody, path: YamlPath): readonly YamlProblem[] => {
  const check = (names: string | readonly string[], member: string, types: readonly string[]): readonly YamlProblem[] =>
    [names].flat().flatMap((name) => lintSetting(manifest, name, [...path, member], types));
  if (verify.kind === 'publicKey') return check(verify.key, 'key', ['secret', 'text']);
  return [
    ...check(verify.secret, 'secret', ['secret']),
    ...(verify.kind === 'basic' ? check(verify.user, 'user', ['text', 'secret']) : []),
  ];
};

const lintTimestamp = ({ sign, signature, timestamp }: HmacBody | PublicKeyBody): readonly string[] => {
  if (timestamp === undefined) return [];
  const isSigned = signedTokensIn(sign).has('timestamp') || timestamp.body !== undefined;
  const places = [timestamp.header, timestamp.body, signature.timestampName].filter((place) => place !== undefined);
  return [
    ...(isSigned || timestamp.unbound === true
      ? []
      : ['the timestamp is not part of what is signed, so it protects against nothing; sign it, or say `unbound: true`']),
    ...(places.length === 1 ? [] : ['the timestamp comes either from “header”, from “body” or from signature.timestampName']),
    ...(timestamp.body !== undefined && signedTokensIn(sign).has('timestamp')
      ? ['a time in the body is signed with it; leave {{timestamp}} out of “sign”']
      : []),
  ];
};

const lintSigned = (verify: HmacBody | PublicKeyBody, path: YamlPath): readonly YamlProblem[] => {
  const { sign, signature, timestamp, id } = verify;
  const problems: YamlProblem[] = lintTimestamp(verify).map((problem) => ({ path: [...path, 'timestamp'], problem }));
  const say = (problem: string, member: string) => problems.push({ path: [...path, member], problem });
  const tokens = signedTokensIn(sign);
  if (!tokens.has('body') && !tokens.has('form'))
    say('what is signed must hold {{body}} or {{form}}: else anybody could change it', 'sign');
  if (hasBodyPaths(sign)) say('a path into the body cannot be signed, only the whole {{body}}', 'sign');
  if (tokens.has('timestamp') && timestamp === undefined) say('{{timestamp}} needs “timestamp”, which says where it comes from', 'sign');
  if (tokens.has('id') && id === undefined) say('{{id}} needs “id”, which says where it comes from', 'sign');
  const { shape = 'raw', prefix, name, timestampName } = signature;
  if ((shape === 'prefix' || shape === 'list') && prefix === undefined) say(`the shape ${shape} needs “prefix”`, 'signature');
  if (shape === 'pairs' && name === undefined) say('the shape pairs needs “name”', 'signature');
  if (timestampName !== undefined && shape !== 'pairs') say('“timestampName” goes with the shape pairs', 'signature');
  return problems;
};

const lintJwt = ({ alg, written }: JwtBody, path: YamlPath): readonly YamlProblem[] => {
  const isShared = alg.startsWith('HS');
  const fits = written === undefined || (isShared ? ['utf8', 'base64', 'hex'] : ['pem', 'spki', 'jwks']).includes(written);
  return fits ? [] : [{ path: [...path, 'written'], problem: `a key for ${alg} is not written as ${written}` }];
};

const lintVerify = (verify: VerifyBody, path: YamlPath): readonly YamlProblem[] => {
  if (verify.kind === 'hmac' || verify.kind === 'publicKey') return lintSigned(verify, path);
  return verify.kind === 'jwt' ? lintJwt(verify, path) : [];
};

const lintHandshake = (manifest: Manifest, handshake: HandshakeBody, verify: VerifyBody, path: YamlPath): readonly YamlProblem[] => {
  const { method = 'POST', unsigned, token, text, json } = handshake;
  const problems: YamlProblem[] =
    token === undefined ? [] : [...lintSetting(manifest, token.secret, [...path, 'token', 'secret'], ['secret'])];
  const say = (problem: string): void => {
    problems.push({ path, problem });
  };
  const signs = [text, ...Object.values(json ?? {})].some((value) => typeof value === 'object' && 'hmac' in value);
  if (unsigned === true && signs) say('an unsigned question must not be answered with a signature: anybody could have us sign');
  if (signs && verify.kind !== 'hmac' && verify.kind !== 'standardWebhooks') say('only a shared secret can sign an answer');
  if (unsigned === true && token !== undefined) say('“unsigned” and “token” do not go together');
  if (method === 'GET' && unsigned !== true && token === undefined)
    say('a question by GET has no signature: it needs “token” or “unsigned: true”');
  if (text !== undefined && json !== undefined) say('the answer is either “text” or “json”');
  return problems;
};

const weakKinds: readonly VerifyBody['kind'][] = ['basic', 'header', 'bodyField', 'pathToken'];

/** What a delivery brings along is written as it is: somebody must have vouched for it, and say of when it is. */
const lintPushed = (manifest: Manifest, { verify, at }: WebhooksBody, event: EventBody, path: YamlPath): readonly YamlProblem[] => {
  const { do: action = 'upsert', table, record } = event;
  if (table === undefined || action === 'ignore') return [];
  const isPushed = manifest.tables[table]?.pushOnly === true;
  const problems: YamlProblem[] = [];
  const say = (problem: string, ...at: readonly string[]) => problems.push({ path: [...path, ...at], problem });
  if (!isPushed) {
    if (record !== undefined)
      say(`the records of ${table} are read again, so an event brings none along; only tables with “pushOnly” need it`, 'record');
    return problems;
  }
  if (action === 'merge' || action === 'relink')
    say(`${action} means to read records again, and those of ${table} cannot be asked for`, 'do');
  if (action === 'upsert' && record === undefined) say(`“record” is needed: the records of ${table} cannot be asked for`);
  if (action !== 'upsert' && record !== undefined) say('“record” goes with upsert', 'record');
  if (weakKinds.includes(verify.kind) || (verify.kind === 'jwt' && verify.bodyHash === undefined))
    say(`the records of ${table} are taken as they come, so the delivery must be signed; ${verify.kind} only hints`);
  if (at === undefined && (action !== 'upsert' || manifest.tables[table]?.modified === undefined))
    say('“at” is needed in the webhook: of two events the newer counts', 'record');
  return problems;
};

const lintEvent = (manifest: Manifest, webhooks: WebhooksBody, event: EventBody, path: YamlPath): readonly YamlProblem[] => {
  if (event.do === 'ignore') return [];
  if (event.table === undefined || event.ids === undefined)
    return [{ path, problem: '“table” and “ids” are needed unless the event is ignored' }];
  return manifest.tables[event.table] === undefined
    ? [{ path: [...path, 'table'], problem: `this manifest has no table ${event.table}` }]
    : lintPushed(manifest, webhooks, event, path);
};

const lintDedupe = ({ dedupe, verify }: WebhooksBody, path: YamlPath): readonly YamlProblem[] => {
  if (dedupe === undefined) return [];
  const tokens = signedTokensIn(dedupe);
  const hasId = verify.kind === 'standardWebhooks' || verify.kind === 'jwt' || ('id' in verify && verify.id !== undefined);
  const hasTimestamp = verify.kind === 'standardWebhooks' || ('timestamp' in verify && verify.timestamp !== undefined);
  return [
    ...(tokens.has('id') && !hasId ? [{ path: [...path, 'dedupe'], problem: '{{id}} needs “id” under “verify”' }] : []),
    ...(tokens.has('timestamp') && !hasTimestamp
      ? [{ path: [...path, 'dedupe'], problem: '{{timestamp}} needs “timestamp” under “verify”' }]
      : []),
  ];
};

const lintHook = (manifest: Manifest, webhooks: WebhooksBody, path: YamlPath): readonly YamlProblem[] => [
  ...lintSecrets(manifest, webhooks.verify, [...path, 'verify']),
  ...lintVerify(webhooks.verify, [...path, 'verify']),
  ...lintDedupe(webhooks, path),
  ...(webhooks.handshakes ?? []).flatMap((handshake, position) =>
    lintHandshake(manifest, handshake, webhooks.verify, [...path, 'handshakes', position]),
  ),
  ...webhooks.events.flatMap((event, position) => lintEvent(manifest, webhooks, event, [...path, 'events', position])),
  ...(webhooks.install === undefined ? [] : lintInstall(manifest, webhooks, webhooks.install, [...path, 'install'])),
];

export const lintWebhooks = (manifest: Manifest): readonly YamlProblem[] => [
  ...(manifest.webhooks === undefined ? [] : lintHook(manifest, manifest.webhooks, ['webhooks'])),
  ...Object.entries(manifest.moreWebhooks ?? {}).flatMap(([name, hook]) => lintHook(manifest, hook, ['moreWebhooks', name])),
];
