import { createHash, createHmac, generateKeyPairSync, type KeyObject, sign as signWithKey } from 'node:crypto';
import { oddBody } from './hmac-vectors.ts';
import type { Vector } from './vector.ts';

const fiveMinutesMs = 300_000;
const sentAtMs = Date.UTC(2026, 10, 26, 9, 30, 0);
const seconds = String(sentAtMs / 1000);

const ed25519 = generateKeyPairSync('ed25519');
const otherEd25519 = generateKeyPairSync('ed25519');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const otherRsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const rawKey = (key: KeyObject): Buffer => Buffer.from(String(key.export({ format: 'jwk' }).x), 'base64url');
const pem = (key: KeyObject): string => String(key.export({ type: 'spki', format: 'pem' }));
const spki = (key: KeyObject): string => key.export({ type: 'spki', format: 'der' }).toString('base64');

const vector = (given: Partial<Vector> & Pick<Vector, 'sender' | 'webhooks' | 'headers' | 'settings' | 'otherSettings'>): Vector => ({
  body: oddBody,
  sentAtMs,
  toleranceMs: null,
  trust: 'full',
  ...given,
});

const highLevelBody = '{ "type":"ContactUpdate", "id": "x1", "timestamp":"2026-11-26T09:30:00.000Z" }';

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const bodyHash = createHash('sha256').update(oddBody).digest('base64');
const token = (header: object, claims: object, sign: (text: string) => string): string => {
  const text = `${base64url(header)}.${base64url(claims)}`;
  return `${text}.${sign(text)}`;
};
const claims = { iat: sentAtMs / 1000, exp: sentAtMs / 1000 + 60, request_body_sha256: bodyHash };
const hashed = { claim: 'request_body_sha256', encoding: 'base64' } as const;

const fusionAuth = (claimed: object): string =>
  token({ alg: 'HS256', typ: 'JWT' }, claimed, (text) => createHmac('sha256', 'a shared secret').update(text).digest('base64url'));

/** Rows 1 (asymmetric) and 21 to 24. */
export const publicKeyVectors: readonly Vector[] = [
  vector({
    sender: 'Standard Webhooks 1.0 with Ed25519',
    webhooks: { verify: { kind: 'standardWebhooks', secret: 's' } },
    settings: { s: `whpk_${rawKey(ed25519.publicKey).toString('base64')}` },
    otherSettings: { s: `whpk_${rawKey(otherEd25519.publicKey).toString('base64')}` },
    headers: {
      'webhook-id': 'msg_1',
      'webhook-timestamp': seconds,
      'webhook-signature': `v1a,${signWithKey(null, Buffer.from(`msg_1.${seconds}.${oddBody}`), ed25519.privateKey).toString('base64')}`,
    },
    toleranceMs: fiveMinutesMs,
  }),
  vector({
    sender: 'Discord',
    webhooks: {
      verify: {
        kind: 'publicKey',
        key: 'k',
        alg: 'ed25519',
        written: 'hex',
        sign: '{{timestamp}}{{body}}',
        signature: { header: 'X-Signature-Ed25519', encoding: 'hex' },
        timestamp: { header: 'X-Signature-Timestamp', unit: 'seconds' },
      },
    },
    settings: { k: rawKey(ed25519.publicKey).toString('hex') },
    otherSettings: { k: rawKey(otherEd25519.publicKey).toString('hex') },
    headers: {
      'X-Signature-Ed25519': signWithKey(null, Buffer.from(seconds + oddBody), ed25519.privateKey).toString('hex'),
      'X-Signature-Timestamp': seconds,
    },
    toleranceMs: fiveMinutesMs,
  }),
  vector({
    sender: 'SendGrid (published)',
    webhooks: {
      verify: {
        kind: 'publicKey',
        key: 'k',
        alg: 'ecdsa-p256',
        written: 'spki',
        sign: '{{timestamp}}{{body}}',
        signature: { header: 'X-Twilio-Email-Event-Webhook-Signature', encoding: 'base64' },
        timestamp: { header: 'X-Twilio-Email-Event-Webhook-Timestamp', unit: 'seconds' },
      },
    },
    settings: {
      k: 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==',
    },
    otherSettings: { k: spki(p256.publicKey) },
    headers: {
      'X-Twilio-Email-Event-Webhook-Signature':
        'MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=',
      'X-Twilio-Email-Event-Webhook-Timestamp': '1600112502',
    },
    body: '[{"email":"hello@world.com","event":"dropped","reason":"Bounced Address","sg_event_id":"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA","sg_message_id":"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0","smtp-id":"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>","timestamp":1600112492}]\r\n',
    sentAtMs: 1_600_112_502_000,
    toleranceMs: fiveMinutesMs,
  }),
  vector({
    sender: 'HighLevel',
    webhooks: {
      verify: {
        kind: 'publicKey',
        key: 'k',
        alg: 'rsa-sha256',
        sign: '{{body}}',
        signature: { header: 'x-wh-signature', encoding: 'base64' },
        timestamp: { body: 'timestamp', unit: 'rfc3339' },
      },
    },
    settings: { k: pem(rsa.publicKey) },
    otherSettings: { k: pem(otherRsa.publicKey) },
    headers: { 'x-wh-signature': signWithKey('sha256', Buffer.from(highLevelBody), rsa.privateKey).toString('base64') },
    body: highLevelBody,
    toleranceMs: fiveMinutesMs,
  }),
  vector({
    sender: 'FusionAuth, with a shared secret',
    webhooks: { verify: { kind: 'jwt', secret: 's', alg: 'HS256', header: 'X-FusionAuth-Signature-JWT', bodyHash: hashed } },
    settings: { s: 'a shared secret' },
    otherSettings: { s: 'another one' },
    headers: { 'X-FusionAuth-Signature-JWT': fusionAuth({ iat: claims.iat, request_body_sha256: bodyHash }) },
    toleranceMs: fiveMinutesMs,
  }),
  vector({
    sender: 'FusionAuth, with a published key set',
    webhooks: {
      verify: { kind: 'jwt', secret: 's', alg: 'RS256', written: 'jwks', header: 'X-FusionAuth-Signature-JWT', bodyHash: hashed },
    },
    settings: { s: JSON.stringify({ keys: [p256, otherRsa, rsa].map(({ publicKey }) => publicKey.export({ format: 'jwk' })) }) },
    otherSettings: { s: JSON.stringify({ keys: [otherRsa.publicKey.export({ format: 'jwk' })] }) },
    headers: {
      'X-FusionAuth-Signature-JWT': token({ alg: 'RS256' }, claims, (text) =>
        signWithKey('sha256', Buffer.from(text), rsa.privateKey).toString('base64url'),
      ),
    },
  }),
  vector({
    sender: 'a JWT with ECDSA',
    webhooks: { verify: { kind: 'jwt', secret: 's', alg: 'ES256', header: 'Authorization', prefix: 'Bearer ', bodyHash: hashed } },
    settings: { s: pem(p256.publicKey).replaceAll('\n', '\\n') },
    otherSettings: { s: pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey) },
    headers: {
      Authorization: `Bearer ${token({ alg: 'ES256' }, claims, (text) =>
        signWithKey('sha256', Buffer.from(text), { key: p256.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url'),
      )}`,
    },
  }),
];

const outboundMessage = `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>
<notifications xmlns="http://soap.sforce.com/2005/09/outbound"><OrganizationId>00D000000000001EAA</OrganizationId>
<Notification><Id>04l1</Id><sObject xmlns:sf="urn:sobject.enterprise.soap.sforce.com"><sf:Id>0011</sf:Id></sObject></Notification>
</notifications></soapenv:Body></soapenv:Envelope>`;

const weak = {
  settings: { s: 'a secret — ü', user: 'crm-sync' },
  otherSettings: { s: 'another', user: 'crm-sync' },
  trust: 'hint',
} as const;

/** Rows 3 (old) and 26 to 29. */
export const weakVectors: readonly Vector[] = [
  vector({
    ...weak,
    sender: 'Pipedrive (Basic)',
    webhooks: { verify: { kind: 'basic', user: 'user', secret: 's' } },
    headers: { Authorization: `Basic ${Buffer.from('crm-sync:a secret — ü').toString('base64')}` },
  }),
  vector({
    ...weak,
    sender: 'Zoho CRM (a field of the body)',
    webhooks: { verify: { kind: 'bodyField', path: 'token', secret: 's' } },
    headers: {},
    body: '{"module":"Contacts","ids":["1"],"operation":"delete","token":"a secret — ü"}',
  }),
  vector({
    ...weak,
    sender: 'Salesforce Outbound Messages',
    webhooks: {
      format: 'xml',
      verify: { kind: 'pathToken', secret: 's' },
      tenant: { path: 'Envelope.Body.notifications.OrganizationId', is: '{{settings.organisation}}' },
    },
    settings: { ...weak.settings, organisation: '00D000000000001EAA' },
    headers: {},
    segments: ['a secret — ü'],
    body: outboundMessage,
  }),
  vector({
    ...weak,
    sender: 'Freshsales (a header)',
    webhooks: { verify: { kind: 'header', header: 'X-Webhook-Token', prefix: 'Token ', secret: 's' } },
    headers: { 'X-Webhook-Token': `Token ${Buffer.from('a secret — ü').toString('latin1')}` },
  }),
  vector({
    ...weak,
    sender: 'GitLab’s older way (a header)',
    webhooks: { verify: { kind: 'header', header: 'X-Gitlab-Token', secret: 's' } },
    settings: { s: 'plain' },
    headers: { 'X-Gitlab-Token': 'plain' },
  }),
  vector({
    ...weak,
    sender: 'Odoo (the address)',
    webhooks: { verify: { kind: 'pathToken', secret: 's' } },
    headers: {},
    segments: ['a secret — ü'],
  }),
];
