import { createHmac } from 'node:crypto';
import type { Vector, VerifyBody } from './vector.ts';

type Hmac = Extract<VerifyBody, { kind: 'hmac' }>;
type Rest = Omit<Hmac, 'kind' | 'secret' | 'alg' | 'sign'> & { readonly alg?: Hmac['alg'] };

const hmac = (sign: string, { alg = 'sha256', ...rest }: Rest): Hmac => ({ kind: 'hmac', secret: 's', alg, sign, ...rest });

const fiveMinutesMs = 300_000;
const sentAtMs = Date.UTC(2026, 10, 26, 9, 30, 0);
const seconds = String(sentAtMs / 1000);
/** Spaces, an escape and a number that nobody would write again in the same way. */
export const oddBody = '{ "id" : 1.0,\r\n "name":"\\u00e4" }';
const secret = 'a secret of the vendor';

type Written = 'hex' | 'base64';
/** From the vendors' documented formulas, with node's own crypto. */
const sign = (text: string, written: Written = 'hex', alg = 'sha256', key: string | Buffer = secret): string =>
  createHmac(alg, key).update(text).digest(written);

const vector = (given: Partial<Vector> & Pick<Vector, 'sender' | 'webhooks' | 'headers'>): Vector => ({
  settings: { s: secret },
  otherSettings: { s: 'another secret' },
  body: oddBody,
  sentAtMs,
  toleranceMs: null,
  trust: 'full',
  ...given,
});

const standardSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const otherStandard = { s: 'whsec_QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB' };
const standard = (sender: string, prefix: 'webhook' | 'svix'): Vector =>
  vector({
    sender,
    webhooks: { verify: { kind: 'standardWebhooks', secret: 's', prefix } },
    settings: { s: standardSecret },
    otherSettings: otherStandard,
    headers: {
      [`${prefix}-id`]: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      [`${prefix}-timestamp`]: '1614265330',
      [`${prefix}-signature`]: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    },
    body: '{"test": 2432232314}',
    sentAtMs: 1_614_265_330_000,
    toleranceMs: fiveMinutesMs,
  });

const gitLabKey = Buffer.alloc(32, 7);

const hubspot = (timestamp: number, signature: string): Vector =>
  vector({
    sender: `HubSpot v3 at ${timestamp}`,
    webhooks: {
      verify: hmac('{{method}}{{url}}{{body}}{{timestamp}}', {
        decodeInUrl: ":/?@!$'()*,;",
        signature: { header: 'X-HubSpot-Signature-v3', encoding: 'base64' },
        timestamp: { header: 'X-HubSpot-Request-Timestamp', unit: 'ms' },
      }),
    },
    settings: { s: 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy' },
    headers: { 'X-HubSpot-Signature-v3': signature, 'X-HubSpot-Request-Timestamp': String(timestamp) },
    body: "{'example_field':'example_value'}",
    url: 'https://www.example.com/webhook_uri',
    sentAtMs: timestamp,
    toleranceMs: fiveMinutesMs,
  });

/** Signed over the body alone. */
const overBody = (sender: string, signature: Hmac['signature'], rest: Partial<Rest> = {}): Vector => {
  const key = rest.key === 'hex' ? Buffer.from('79A3EAF3', 'hex') : secret;
  const written: Written = signature.encoding === 'hex' ? 'hex' : 'base64';
  return vector({
    sender,
    webhooks: { verify: hmac('{{body}}', { signature, ...rest }) },
    settings: { s: rest.key === 'hex' ? '79A3EAF3' : secret },
    otherSettings: { s: '00ff' },
    headers: { [signature.header]: `${signature.prefix ?? ''}${sign(oddBody, written, rest.alg, key)}` },
  });
};

const gitHub = overBody('Bitbucket', { header: 'X-Hub-Signature', encoding: 'hex', shape: 'prefix', prefix: 'sha256=' });

const slackBody =
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';

const versioned = (sender: string, name: string): Vector['webhooks'] => ({
  verify: hmac('v0:{{timestamp}}:{{body}}', {
    signature: { header: `${name}-Signature`, encoding: 'hex', shape: 'prefix', prefix: 'v0=' },
    timestamp: { header: `${name}-Request-Timestamp`, unit: 'seconds' },
  }),
  ...(sender === 'Slack' ? { format: 'form' } : {}),
});

const pairs = (
  sender: string,
  given: {
    readonly header: string;
    readonly name: string;
    readonly timestampName: string;
    readonly separator?: string;
    readonly between?: string;
    readonly unit?: 'seconds' | 'ms';
    readonly tolerance?: string;
    readonly toleranceMs?: number;
  },
): Vector => {
  const { header, name, timestampName, separator = ',', between = '.', unit = 'seconds', tolerance, toleranceMs = fiveMinutesMs } = given;
  const time = unit === 'ms' ? String(sentAtMs) : seconds;
  return vector({
    sender,
    webhooks: {
      verify: hmac(`{{timestamp}}${between}{{body}}`, {
        signature: { header, encoding: 'hex', shape: 'pairs', name, timestampName, separator },
        timestamp: { unit, ...(tolerance === undefined ? {} : { tolerance }) },
      }),
    },
    headers: { [header]: `${timestampName}=${time}${separator}${unit === 'ms' ? ' ' : ''}${name}=${sign(`${time}${between}${oddBody}`)}` },
    toleranceMs,
  });
};

const klaviyoTime = 'Thu, 26 Nov 2026 09:30:00 GMT';
const twitchTime = '2026-11-26T09:30:00.000000000Z';

/** Rows 1 to 20 and 30 of the schemes that the door must know; published by the senders, or made from their formulas. */
export const hmacVectors: readonly Vector[] = [
  standard('Standard Webhooks 1.0 (published)', 'webhook'),
  standard('Svix (published)', 'svix'),
  vector({
    sender: 'GitLab',
    webhooks: { verify: { kind: 'standardWebhooks', secret: 's' } },
    settings: { s: `whsec_${gitLabKey.toString('base64')}` },
    otherSettings: otherStandard,
    headers: {
      'webhook-id': 'f5e5f430-f57b-4e6e-9fac-d9128cd7232f',
      'webhook-timestamp': seconds,
      'webhook-signature': `v1,${sign(`f5e5f430-f57b-4e6e-9fac-d9128cd7232f.${seconds}.${oddBody}`, 'base64', 'sha256', gitLabKey)}`,
    },
    toleranceMs: fiveMinutesMs,
  }),
  hubspot(1_693_657_560_000, 'K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y='),
  hubspot(1_700_000_300_000, 'RnbPH7+UMKVkbV32P8bz450N4M56aPmcru1+D3kSDtw='),
  vector({
    sender: 'Zendesk (published)',
    webhooks: {
      verify: hmac('{{timestamp}}{{body}}', {
        signature: { header: 'X-Zendesk-Webhook-Signature', encoding: 'base64' },
        timestamp: { header: 'X-Zendesk-Webhook-Signature-Timestamp', unit: 'rfc3339' },
        id: { header: 'X-Zendesk-Webhook-Invocation-Id' },
      }),
    },
    settings: { s: 'dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==' },
    headers: {
      'X-Zendesk-Webhook-Signature': 'S/RDdU2ERmj7LHDDoWJ2onPYH+t7/f2+LTM4dL7UiLM=',
      'X-Zendesk-Webhook-Signature-Timestamp': '2021-03-25T05:09:27Z',
      'X-Zendesk-Webhook-Invocation-Id': '01F1KRFQ6BG29CNWFR60NK5FNY',
    },
    freeHeaders: ['X-Zendesk-Webhook-Invocation-Id'],
    body: '{"event":"ticket.updated","id":123}',
    sentAtMs: Date.UTC(2021, 2, 25, 5, 9, 27),
    toleranceMs: fiveMinutesMs,
  }),
  {
    ...gitHub,
    sender: 'GitHub (published)',
    webhooks: {
      verify: hmac('{{body}}', {
        signature: { header: 'X-Hub-Signature-256', encoding: 'hex', shape: 'prefix', prefix: 'sha256=' },
        id: { header: 'X-GitHub-Delivery' },
      }),
    },
    settings: { s: "It's a Secret to Everybody" },
    headers: {
      'X-Hub-Signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
      'X-GitHub-Delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    },
    freeHeaders: ['X-GitHub-Delivery'],
    body: 'Hello, World!',
  },
  gitHub,
  overBody('Notion', { header: 'X-Notion-Signature', encoding: 'hex', shape: 'prefix', prefix: 'sha256=' }),
  pairs('Stripe', { header: 'Stripe-Signature', name: 'v1', timestampName: 't' }),
  pairs('Calendly', { header: 'Calendly-Webhook-Signature', name: 'v1', timestampName: 't', tolerance: '180s', toleranceMs: 180_000 }),
  {
    ...pairs('Mux (published)', { header: 'Mux-Signature', name: 'v1', timestampName: 't' }),
    settings: { s: 'SuperSecret123' },
    headers: { 'Mux-Signature': 't=1591664030,v1=e43496b6aae982c4c2fd6f8e92935f1d90216f1f64d56024e72390acfb988272' },
    body: 'payload',
    sentAtMs: 1_591_664_030_000,
  },
  pairs('WorkOS', { header: 'WorkOS-Signature', name: 'v1', timestampName: 't', unit: 'ms' }),
  pairs('Paddle', { header: 'Paddle-Signature', name: 'h1', timestampName: 'ts', separator: ';', between: ':' }),
  vector({
    sender: 'Slack (published)',
    webhooks: versioned('Slack', 'X-Slack'),
    settings: { s: '8f742231b10e8888abcd99yyyzzz85a5' },
    headers: {
      'X-Slack-Signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
      'X-Slack-Request-Timestamp': '1531420618',
    },
    body: slackBody,
    sentAtMs: 1_531_420_618_000,
    toleranceMs: fiveMinutesMs,
  }),
  vector({
    sender: 'Zoom',
    webhooks: versioned('Zoom', 'x-zm'),
    headers: { 'x-zm-signature': `v0=${sign(`v0:${seconds}:${oddBody}`)}`, 'x-zm-request-timestamp': seconds },
    toleranceMs: fiveMinutesMs,
  }),
  overBody('Shopify', { header: 'X-Shopify-Hmac-Sha256', encoding: 'base64' }),
  overBody('WooCommerce', { header: 'X-WC-Webhook-Signature', encoding: 'base64' }),
  overBody('Xero', { header: 'x-xero-signature', encoding: 'base64' }),
  overBody('Jobber', { header: 'x-jobber-hmac-sha256', encoding: 'base64' }),
  overBody('Typeform', { header: 'Typeform-Signature', encoding: 'base64', shape: 'prefix', prefix: 'sha256=' }),
  overBody('Adyen', { header: 'HmacSignature', encoding: 'base64' }, { key: 'hex' }),
  vector({
    sender: 'Square',
    webhooks: { verify: hmac('{{url}}{{body}}', { signature: { header: 'x-square-hmacsha256-signature', encoding: 'base64' } }) },
    headers: { 'x-square-hmacsha256-signature': sign(`https://sync.example.com/webhooks/crm${oddBody}`, 'base64') },
  }),
  vector({
    sender: 'Webflow',
    webhooks: {
      verify: hmac('{{timestamp}}:{{body}}', {
        signature: { header: 'x-webflow-signature', encoding: 'hex' },
        timestamp: { header: 'x-webflow-timestamp', unit: 'ms' },
      }),
    },
    headers: { 'x-webflow-signature': sign(`${sentAtMs}:${oddBody}`), 'x-webflow-timestamp': String(sentAtMs) },
    toleranceMs: fiveMinutesMs,
  }),
  vector({
    sender: 'Klaviyo',
    webhooks: {
      verify: hmac('{{body}}{{timestamp}}', {
        signature: { header: 'Klaviyo-Signature', encoding: 'hex' },
        timestamp: { header: 'Klaviyo-Timestamp', unit: 'httpDate' },
      }),
    },
    headers: { 'Klaviyo-Signature': sign(`${oddBody}${klaviyoTime}`), 'Klaviyo-Timestamp': klaviyoTime },
    toleranceMs: fiveMinutesMs,
  }),
  vector({
    sender: 'Twitch',
    webhooks: {
      verify: hmac('{{id}}{{timestamp}}{{body}}', {
        signature: { header: 'Twitch-Eventsub-Message-Signature', encoding: 'hex', shape: 'prefix', prefix: 'sha256=' },
        timestamp: { header: 'Twitch-Eventsub-Message-Timestamp', unit: 'rfc3339' },
        id: { header: 'Twitch-Eventsub-Message-Id' },
      }),
    },
    headers: {
      'Twitch-Eventsub-Message-Signature': `sha256=${sign(`e76c6bd4-55c9${twitchTime}${oddBody}`)}`,
      'Twitch-Eventsub-Message-Timestamp': twitchTime,
      'Twitch-Eventsub-Message-Id': 'e76c6bd4-55c9',
    },
    toleranceMs: fiveMinutesMs,
  }),
  overBody('PagerDuty', { header: 'X-PagerDuty-Signature', encoding: 'hex', shape: 'list', prefix: 'v1=' }),
  overBody('Paystack', { header: 'x-paystack-signature', encoding: 'hex' }, { alg: 'sha512' }),
  overBody('Vercel', { header: 'x-vercel-signature', encoding: 'hex' }, { alg: 'sha1' }),
  vector({
    sender: 'Twilio (published)',
    webhooks: {
      format: 'form',
      verify: hmac('{{url}}{{form}}', { alg: 'sha1', signature: { header: 'X-Twilio-Signature', encoding: 'base64' } }),
    },
    settings: { s: '12345' },
    headers: { 'X-Twilio-Signature': 'RSOYDt4T1cUTdK1PDd93/VVr8B8=' },
    body: 'Digits=1234&To=%2B18005551212&From=%2B14158675309&Caller=%2B14158675309&CallSid=CA1234567890ABCDE',
    url: 'https://mycompany.com/myapp.php?foo=1&bar=2',
  }),
  standard('our own script in the CRM', 'webhook'),
];
