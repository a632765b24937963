import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import type { HmacBody, StandardWebhooksBody } from '../../../api/src/crm/manifest/schema/webhook.ts';
import type { WebhookRequest } from '../../../api/src/crm/types.ts';
import { toHmacScheme } from '../../../api/src/crm/webhook/scheme.ts';
import { decodeKey } from '../../../api/src/crm/webhook/signing-key.ts';
import { createSignatureVerifier } from '../../../api/src/crm/webhook/verify-signature.ts';

interface Vector {
  readonly sender: string;
  readonly verify: HmacBody | StandardWebhooksBody;
  readonly secret: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly url?: string;
  readonly sentAtMs: number;
}

const slackBody =
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';

const hubspot: HmacBody = {
  kind: 'hmac',
  secret: 's',
  alg: 'sha256',
  sign: '{{method}}{{url}}{{body}}{{timestamp}}',
  signature: { header: 'X-HubSpot-Signature-v3', encoding: 'base64' },
  timestamp: { header: 'X-HubSpot-Request-Timestamp', unit: 'ms' },
};

/** Published by the senders, or recomputed with their own libraries. */
const vectors: readonly Vector[] = [
  {
    sender: 'Standard Webhooks',
    verify: { kind: 'standardWebhooks', secret: 's' },
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    headers: {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1a,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    },
    body: '{"test": 2432232314}',
    sentAtMs: 1_614_265_330_000,
  },
  {
    sender: 'HubSpot v3',
    verify: hubspot,
    secret: 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy',
    headers: { 'x-hubspot-signature-v3': 'K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=', 'x-hubspot-request-timestamp': '1693657560000' },
    body: "{'example_field':'example_value'}",
    url: 'https://www.example.com/webhook_uri',
    sentAtMs: 1_693_657_560_000,
  },
  {
    sender: 'HubSpot v3, another time',
    verify: hubspot,
    secret: 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy',
    headers: { 'x-hubspot-signature-v3': 'RnbPH7+UMKVkbV32P8bz450N4M56aPmcru1+D3kSDtw=', 'x-hubspot-request-timestamp': '1700000300000' },
    body: "{'example_field':'example_value'}",
    url: 'https://www.example.com/webhook_uri',
    sentAtMs: 1_700_000_300_000,
  },
  {
    sender: 'Zendesk',
    verify: {
      kind: 'hmac',
      secret: 's',
      alg: 'sha256',
      sign: '{{timestamp}}{{body}}',
      signature: { header: 'X-Zendesk-Webhook-Signature', encoding: 'base64' },
      timestamp: { header: 'X-Zendesk-Webhook-Signature-Timestamp', unit: 'rfc3339' },
    },
    secret: 'dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==',
    headers: {
      'x-zendesk-webhook-signature': 'S/RDdU2ERmj7LHDDoWJ2onPYH+t7/f2+LTM4dL7UiLM=',
      'x-zendesk-webhook-signature-timestamp': '2021-03-25T05:09:27Z',
    },
    body: '{"event":"ticket.updated","id":123}',
    sentAtMs: Date.UTC(2021, 2, 25, 5, 9, 27),
  },
  {
    sender: 'GitHub',
    verify: {
      kind: 'hmac',
      secret: 's',
      alg: 'sha256',
      sign: '{{body}}',
      signature: { header: 'X-Hub-Signature-256', encoding: 'hex', shape: 'prefix', prefix: 'sha256=' },
      id: { header: 'X-GitHub-Delivery' },
    },
    secret: "It's a Secret to Everybody",
    headers: {
      'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
      'x-github-delivery': 'd-1',
    },
    body: 'Hello, World!',
    sentAtMs: 0,
  },
  {
    sender: 'Slack',
    verify: {
      kind: 'hmac',
      secret: 's',
      alg: 'sha256',
      sign: 'v0:{{timestamp}}:{{body}}',
      signature: { header: 'X-Slack-Signature', encoding: 'hex', shape: 'prefix', prefix: 'v0=' },
      timestamp: { header: 'X-Slack-Request-Timestamp', unit: 'seconds' },
    },
    secret: '8f742231b10e8888abcd99yyyzzz85a5',
    headers: {
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
      'x-slack-request-timestamp': '1531420618',
    },
    body: slackBody,
    sentAtMs: 1_531_420_618_000,
  },
  {
    sender: 'Mux (pairs, as Stripe)',
    verify: {
      kind: 'hmac',
      secret: 's',
      alg: 'sha256',
      sign: '{{timestamp}}.{{body}}',
      signature: { header: 'Mux-Signature', encoding: 'hex', shape: 'pairs', name: 'v1', timestampName: 't' },
      timestamp: { unit: 'seconds' },
    },
    secret: 'SuperSecret123',
    headers: { 'mux-signature': `t=1591664030,v1=${createHmac('sha256', 'SuperSecret123').update('1591664030.payload').digest('hex')}` },
    body: 'payload',
    sentAtMs: 1_591_664_030_000,
  },
];

const requestOf = ({ headers, body, url = 'https://sync.example.com/webhooks/x' }: Vector): WebhookRequest => ({
  method: 'POST',
  url,
  headers,
  rawBody: Buffer.from(body),
});

const verifierOf = ({ verify, secret }: Vector, ...otherSecrets: readonly string[]) => {
  const scheme = toHmacScheme(verify);
  const keys = [...otherSecrets, secret].map((text) => decodeKey(text, scheme.key)).filter((key) => key !== null);
  return createSignatureVerifier(scheme, keys);
};

const flipBit = (bytes: Buffer, bit: number): Buffer => {
  const flipped = Buffer.from(bytes);
  const at = Math.floor(bit / 8) % Math.max(1, bytes.length);
  flipped[at] = (flipped[at] ?? 0) ^ (1 << (bit % 8));
  return flipped;
};

describe.each(vectors)('a delivery signed by $sender', (vector) => {
  const request = requestOf(vector);
  const verify = verifierOf(vector);

  it('is taken', () => {
    expect(verify(request, vector.sentAtMs)).not.toBeNull();
  });

  it('is refused when any bit of the body has changed', () => {
    fc.assert(
      fc.property(fc.nat(8 * request.rawBody.length - 1), (bit) => {
        expect(verify({ ...request, rawBody: flipBit(request.rawBody, bit) }, vector.sentAtMs)).toBeNull();
      }),
    );
  });

  it('is refused when any bit of a signature, a time or an id that is signed has changed', () => {
    const signedHeaders = Object.keys(request.headers).filter((name) => name !== 'x-github-delivery');
    fc.assert(
      fc.property(fc.constantFrom(...signedHeaders), fc.nat(8 * 60), (name, bit) => {
        const before = String(request.headers[name]);
        const after = flipBit(Buffer.from(before, 'latin1'), bit).toString('latin1');
        // Capital hex digits, a version beside ours, and bits that base64 does not use say the same.
        const says = (text: string) => text.replace(/^v1a\S*/i, '').replace(/[0-9a-f]{40,}$/i, (hex) => hex.toLowerCase());
        const isSame =
          says(after) === says(before) || Buffer.from(after.slice(-44), 'base64').equals(Buffer.from(before.slice(-44), 'base64'));
        if (!isSame) expect(verify({ ...request, headers: { ...request.headers, [name]: after } }, vector.sentAtMs)).toBeNull();
      }),
    );
  });

  it('is refused without any of its headers, and when one comes twice', () => {
    for (const name of Object.keys(request.headers)) {
      expect(verify({ ...request, headers: { ...request.headers, [name]: undefined } }, vector.sentAtMs)).toBeNull();
      expect(verify({ ...request, headers: { ...request.headers, [name]: '' } }, vector.sentAtMs)).toBeNull();
      expect(
        verify({ ...request, headers: { ...request.headers, [name]: [String(request.headers[name]), 'x'] } }, vector.sentAtMs),
      ).toBeNull();
    }
  });

  it('is taken with any of several secrets, and refused with none or another', () => {
    const { verify: scheme } = vector;
    const other = scheme.kind === 'standardWebhooks' ? 'whsec_QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB' : 'another secret';
    expect(verifierOf(vector, other)(request, vector.sentAtMs)).not.toBeNull();
    expect(verifierOf({ ...vector, secret: other })(request, vector.sentAtMs)).toBeNull();
    expect(createSignatureVerifier(toHmacScheme(scheme), [])(request, vector.sentAtMs)).toBeNull();
  });
});

describe('the time of a delivery', () => {
  const timed = vectors.filter(({ verify }) => verify.kind === 'standardWebhooks' || verify.timestamp !== undefined);

  it.each(timed)('of $sender may be five minutes off, in either direction, and no more', (vector) => {
    const verify = verifierOf(vector);
    const at = (offsetMs: number) => verify(requestOf(vector), vector.sentAtMs + offsetMs);
    expect([at(300_000), at(-300_000)]).not.toContain(null);
    expect([at(300_001), at(-300_001), at(Number.NaN)]).toEqual([null, null, null]);
  });

  it('is digits and nothing else', () => {
    const [standard] = vectors;
    if (standard === undefined) throw new Error('no vector');
    const key = decodeKey(standard.secret, 'whsec');
    for (const timestamp of [
      '1614265330.0',
      '+1614265330',
      ' 1614265330',
      '1.614265330e9',
      '0x6037b7b2',
      'NaN',
      '-1',
      '16142653300000000',
    ]) {
      const signature = createHmac('sha256', key ?? '')
        .update(`m.${timestamp}.{}`)
        .digest('base64');
      const headers = { 'webhook-id': 'm', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
      expect(verifierOf(standard)({ ...requestOf(standard), headers, rawBody: Buffer.from('{}') }, 1_614_265_330_000)).toBeNull();
    }
  });

  it('may be given only once among pairs', () => {
    const mux = vectors.find(({ sender }) => sender.startsWith('Mux'));
    if (mux === undefined) throw new Error('no vector');
    const headers = { 'mux-signature': `t=1,${mux.headers['mux-signature'] ?? ''}` };
    expect(verifierOf(mux)({ ...requestOf(mux), headers }, mux.sentAtMs)).toBeNull();
  });
});

describe('a signing secret', () => {
  it('must be written as the scheme says', () => {
    expect(decodeKey('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec')?.length).toBe(24);
    expect(decodeKey('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec')).toBeNull();
    expect(decodeKey('whsec_c2hvcnQ=', 'whsec')).toBeNull();
    expect(decodeKey('not base64!', 'base64')).toBeNull();
    expect(decodeKey('abc', 'hex')).toBeNull();
    expect(decodeKey('00ff', 'hex')).toEqual(Buffer.from([0, 255]));
    expect(decodeKey('', 'utf8')).toBeNull();
  });
});
