import { createHmac } from 'node:crypto';
import { AppError } from '../../../errors/app-error.ts';
import { parsePath } from '../../expression/compile.ts';
import { isObject } from '../../expression/json.ts';
import type { HmacBody, VerifyBody } from '../../manifest/schema/webhook.ts';
import type { JsonValue } from '../../types.ts';
import { createDelivery } from '../delivery.ts';
import { type SignatureScheme, standardWebhooks, toSignatureScheme } from '../scheme.ts';
import { compileSignedText } from '../signed-text.ts';
import { decodeKey } from '../signing-key.ts';
import type { SampleDelivery } from './types.ts';

export interface ToSign {
  readonly sourceId: string;
  readonly url: string;
  /** A mapping or a list is written as JSON, a text as it is. */
  readonly body: JsonValue;
  readonly deliveryId: string;
  readonly nowMs: number;
  /** By the names of settings; several where the manifest knows several. */
  readonly secrets: ReadonlyMap<string, string>;
}

type Headers = Readonly<Record<string, string>>;

const cannot = ({ sourceId }: ToSign, problem: string): AppError => new AppError('webhook.no_sample', { source: sourceId, problem });

/** The first that is there: while a secret is being changed, any of them is accepted. */
const secretFor = (names: string | readonly string[], toSign: ToSign): string => {
  const found = [names].flat().flatMap((name) => toSign.secrets.get(name) || []);
  const secret = found.find((text) => !text.startsWith('whpk_'));
  if (secret !== undefined) return secret;
  if (found.length > 0) throw cannot(toSign, 'the CRM signs with a private key, which it alone has');
  throw new AppError('webhook.no_secret', { source: toSign.sourceId, setting: [names].flat().join(' or ') });
};

const writeTime: Readonly<Record<NonNullable<SignatureScheme['timestamp']>['unit'], (ms: number) => string>> = {
  seconds: (ms) => String(Math.floor(ms / 1000)),
  ms: String,
  rfc3339: (ms) => new Date(ms).toISOString(),
  httpDate: (ms) => new Date(ms).toUTCString(),
};

const writeSignature = ({ signature }: SignatureScheme, bytes: Buffer, timestamp: string): string => {
  const written = bytes.toString(signature.encoding);
  if (signature.shape !== 'pairs') return `${signature.shape === 'raw' ? '' : signature.prefix}${written}`;
  const pairs = [...(signature.timestampName === null ? [] : [`${signature.timestampName}=${timestamp}`]), `${signature.name}=${written}`];
  return pairs.join(signature.separator);
};

const signByHmac = (verify: HmacBody, toSign: ToSign, rawBody: Buffer): Headers => {
  const { url, deliveryId, nowMs } = toSign;
  const scheme = toSignatureScheme(verify);
  const key = decodeKey(secretFor(verify.secret, toSign), verify.key ?? 'utf8');
  if (key === null) throw cannot(toSign, `the secret is not one of the kind ${verify.key ?? 'utf8'}`);
  const { timestamp, idHeader, signature } = scheme;
  if (timestamp !== null && timestamp.from !== 'signature' && 'body' in timestamp.from)
    throw cannot(toSign, 'the time of sending is part of the body');
  const time = timestamp === null ? '' : writeTime[timestamp.unit](nowMs);
  const headers: Headers = {
    ...(idHeader === null ? {} : { [idHeader]: deliveryId }),
    ...(timestamp !== null && typeof timestamp.from === 'object' && 'header' in timestamp.from ? { [timestamp.from.header]: time } : {}),
  };
  const delivery = createDelivery({ method: 'POST', url, headers, rawBody }, [], 'json');
  const text = compileSignedText(scheme.sign)(delivery, { id: deliveryId, timestamp: time, decodeInUrl: scheme.decodeInUrl });
  if (text === null) throw cannot(toSign, 'a part of what is signed is made by the CRM alone');
  return { ...headers, [signature.header]: writeSignature(scheme, createHmac(verify.alg, key).update(text).digest(), time) };
};

const withField = (toSign: ToSign, path: string, secret: string): JsonValue => {
  const [step, ...more] = parsePath(path);
  if (step?.kind !== 'name' || more.length > 0 || !isObject(toSign.body)) throw cannot(toSign, 'the secret stands deep inside of the body');
  return { ...toSign.body, [step.name]: secret };
};

/** A delivery as the CRM would sign it, for trying the way. Throws `webhook.no_sample`, `webhook.no_secret`. */
export const signDelivery = (verify: VerifyBody, toSign: ToSign): SampleDelivery => {
  const write = (body: JsonValue): Buffer => Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const contentType: Headers = { 'content-type': typeof toSign.body === 'string' ? 'text/xml; charset=utf-8' : 'application/json' };
  const signed = (headers: Headers, rawBody = write(toSign.body), url = toSign.url): SampleDelivery => ({
    url,
    headers: { ...contentType, ...headers },
    rawBody,
  });
  switch (verify.kind) {
    case 'standardWebhooks':
      return signed(signByHmac(standardWebhooks(verify, 'v1'), toSign, write(toSign.body)));
    case 'hmac':
      return signed(signByHmac(verify, toSign, write(toSign.body)));
    case 'basic': {
      const user = toSign.secrets.get(verify.user);
      if (user === undefined) throw new AppError('webhook.no_secret', { source: toSign.sourceId, setting: verify.user });
      const pair = `${user}:${secretFor(verify.secret, toSign)}`;
      return signed({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` });
    }
    case 'header':
      // A header is bytes: one that is no ASCII is written as UTF-8, each byte a character.
      return signed({
        [verify.header.toLowerCase()]: Buffer.from(`${verify.prefix ?? ''}${secretFor(verify.secret, toSign)}`).toString('latin1'),
      });
    case 'bodyField':
      return signed({}, write(withField(toSign, verify.path, secretFor(verify.secret, toSign))));
    case 'pathToken':
      return signed({}, write(toSign.body), `${toSign.url}/${encodeURIComponent(secretFor(verify.secret, toSign))}`);
    case 'publicKey':
    case 'jwt':
      throw cannot(toSign, 'only the CRM can sign as this manifest wants it');
  }
};
