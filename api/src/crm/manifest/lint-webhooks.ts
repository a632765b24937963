import { signedTokensIn } from '../webhook/signed-text.ts';
import type { Manifest } from './schema/manifest.ts';
import type { EventBody, HmacBody } from './schema/webhook.ts';
import type { YamlProblem } from '../../yaml/schema-problems.ts';

const lintSecrets = (manifest: Manifest, secret: string | readonly string[]): readonly YamlProblem[] => {
  const settings = new Map(Object.entries(manifest.connection.settings ?? {}));
  return [secret]
    .flat()
    .filter((name) => settings.get(name)?.type !== 'secret')
    .map((name) => ({
      path: ['webhooks', 'verify', 'secret'],
      problem: `there is no setting “${name}” of type secret under connection.settings`,
    }));
};

const lintHmac = ({ sign, signature, timestamp, id }: HmacBody): readonly YamlProblem[] => {
  const problems: YamlProblem[] = [];
  const say = (problem: string, ...path: readonly string[]) => problems.push({ path: ['webhooks', 'verify', ...path], problem });
  const tokens = signedTokensIn(sign);
  if (!tokens.has('body')) say('what is signed must hold {{body}}: else anybody could change it', 'sign');
  if (tokens.has('timestamp') && timestamp === undefined) say('{{timestamp}} needs “timestamp”, which says where it comes from', 'sign');
  if (tokens.has('id') && id === undefined) say('{{id}} needs “id”, which says where it comes from', 'sign');
  if (timestamp !== undefined && !tokens.has('timestamp') && timestamp.unbound !== true) {
    say('the timestamp is not part of what is signed, so it protects against nothing; sign it, or say `unbound: true`', 'timestamp');
  }
  const { shape = 'raw', prefix, name, timestampName } = signature;
  if ((shape === 'prefix' || shape === 'list') && prefix === undefined) say(`the shape ${shape} needs “prefix”`, 'signature');
  if (shape === 'pairs' && name === undefined) say('the shape pairs needs “name”', 'signature');
  if (timestamp !== undefined && (timestamp.header === undefined) === (timestampName === undefined)) {
    say('the timestamp comes either from “header” or from signature.timestampName', 'timestamp');
  }
  if (timestampName !== undefined && shape !== 'pairs') say('“timestampName” goes with the shape pairs', 'signature');
  return problems;
};

const lintEvent = (manifest: Manifest, event: EventBody, position: number): readonly YamlProblem[] => {
  const path = ['webhooks', 'events', position];
  if (event.do === 'ignore') return [];
  if (event.table === undefined || event.ids === undefined)
    return [{ path, problem: '“table” and “ids” are needed unless the event is ignored' }];
  return manifest.tables[event.table] === undefined
    ? [{ path: [...path, 'table'], problem: `this manifest has no table ${event.table}` }]
    : [];
};

export const lintWebhooks = (manifest: Manifest): readonly YamlProblem[] => {
  const { webhooks } = manifest;
  if (webhooks === undefined) return [];
  return [
    ...lintSecrets(manifest, webhooks.verify.secret),
    ...(webhooks.verify.kind === 'hmac' ? lintHmac(webhooks.verify) : []),
    ...webhooks.events.flatMap((event, position) => lintEvent(manifest, event, position)),
  ];
};
