import { createHmac } from 'node:crypto';
import { openConnector } from '../../../../api/src/crm/open-connector.ts';
import { loadManifest } from '../../../../api/src/crm/manifest/load-manifest.ts';
import type { Manifest } from '../../../../api/src/crm/manifest/schema/manifest.ts';
import type { WebhookRequest } from '../../../../api/src/crm/webhook/types.ts';
import { failureOf } from '../failure-of.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const nowMs = Date.UTC(2026, 0, 1);

const taken = { kind: 'events', trust: 'full', secret: 'hookSecret', answer: { status: 202, type: null, body: '' } } as const;

const deliver = (body: string, id = 'msg_1'): WebhookRequest => {
  const timestamp = String(nowMs / 1000);
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    method: 'POST',
    url: 'https://sync.example.com/webhooks/northwind',
    headers: { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` },
    rawBody: Buffer.from(body),
  };
};

const open = (manifest: Manifest, hookSecret: string | undefined = secret) => {
  const settings = { baseUrl: 'https://crm.example.com', apiKey: 'k', ...(hookSecret === '' ? {} : { hookSecret }) };
  const { webhook } = openConnector({ manifest, source: { id: 'northwind', settings }, clock: { nowMs: () => nowMs } });
  if (webhook === null) throw new Error('no webhook');
  return webhook;
};

describe('the door for deliveries', () => {
  let manifest: Manifest;
  beforeAll(async () => {
    manifest = await loadManifest('api/connectors/northwind/manifest.yaml');
  });

  it('turns a signed delivery into what is to be done', () => {
    const door = open(manifest);
    expect(door.verify(deliver('{"table":"people","event":"updated","id":100001}'), nowMs)).toEqual({
      deliveryId: 'msg_1',
      events: [{ table: 'contact', recordIds: ['100001'], action: 'upsert' }],
      ...taken,
    });
    expect(door.verify(deliver('{"table":"companies","event":"deleted","id":"ALFKI"}', 'msg_2'), nowMs)).toEqual({
      deliveryId: 'msg_2',
      events: [{ table: 'account', recordIds: ['ALFKI'], action: 'delete' }],
      ...taken,
    });
  });

  it('keeps every digit of an id', () => {
    expect(
      open(manifest).verify(deliver('{"table":"people","event":"updated","id":9007199254740993}'), nowMs).events[0]?.recordIds,
    ).toEqual(['9007199254740993']);
  });

  it('ignores events that the manifest does not mention', () => {
    expect(open(manifest).verify(deliver('{"table":"orders","event":"created","id":1}'), nowMs).events).toEqual([]);
  });

  it('gives the same error for every failure of the signature, and before it looks into the body', () => {
    const good = deliver('not JSON');
    const bad: readonly WebhookRequest[] = [
      { ...good, headers: {} },
      { ...good, headers: { ...good.headers, 'webhook-signature': 'v1,AAAA' } },
      { ...good, headers: { ...good.headers, 'webhook-timestamp': '1' } },
      { ...good, rawBody: Buffer.from('changed') },
    ];
    const failures = bad.map((request) => {
      try {
        return open(manifest).verify(request, nowMs);
      } catch (error) {
        return error;
      }
    });
    for (const failure of failures) {
      expect(failure).toMatchObject({ code: 'webhook.unauthorised', message: 'The delivery is not signed as this source requires' });
    }
  });

  it('refuses everything while there is no secret', () => {
    expect(failureOf(() => open(manifest, '').verify(deliver('{}'), nowMs))).toMatchObject({ code: 'webhook.unauthorised' });
  });

  it('does not open with a secret that is none', () => {
    expect(failureOf(() => open(manifest, 'my dog’s name'))).toMatchObject({ code: 'source.settings_invalid' });
  });

  it.each(['not JSON', '{"table":"people","event":"updated"}', '{"table":"people","event":"updated","id":{"a":1}}'])(
    'says what it cannot read in %s',
    (body) => {
      expect(failureOf(() => open(manifest).verify(deliver(body), nowMs))).toMatchObject({ code: 'webhook.unreadable' });
    },
  );

  it('takes several events and several ids at once', () => {
    const webhooks: Manifest['webhooks'] = {
      verify: { kind: 'standardWebhooks', secret: 'hookSecret' },
      each: '$[*]',
      events: [
        { when: 'kind == "contact.deletion"', do: 'delete', table: 'contact', ids: 'ids[*]' },
        { table: 'contact', ids: 'id' },
      ],
    };
    const body = '[{"kind":"contact.deletion","ids":[1,2,2]},{"kind":"contact.creation","id":3}]';
    expect(open({ ...manifest, webhooks }).verify(deliver(body), nowMs).events).toEqual([
      { table: 'contact', recordIds: ['1', '2'], action: 'delete' },
      { table: 'contact', recordIds: ['3'], action: 'upsert' },
    ]);
  });

  it('finds both records of an event that is about two', () => {
    const webhooks: Manifest['webhooks'] = {
      verify: { kind: 'standardWebhooks', secret: 'hookSecret' },
      events: [{ table: 'contact', ids: ['lost', 'kept.id'] }],
    };
    expect(open({ ...manifest, webhooks }).verify(deliver('{"lost":1,"kept":{"id":2}}'), nowMs).events).toEqual([
      { table: 'contact', recordIds: ['1', '2'], action: 'upsert' },
    ]);
  });

  it('has further webhooks at addresses of their own, each with its own proof', () => {
    const events: NonNullable<Manifest['webhooks']>['events'] = [{ table: 'contact', ids: 'id' }];
    const moreWebhooks: Manifest['moreWebhooks'] = { outbound: { verify: { kind: 'pathToken', secret: 'hookSecret' }, events } };
    const door = open({ ...manifest, moreWebhooks });
    const at = (...segments: readonly string[]) => {
      const hinted: WebhookRequest = { ...deliver('{"id":7}'), headers: {}, segments };
      return () => door.verify(hinted, nowMs);
    };
    expect(at('outbound', secret)()).toMatchObject({ trust: 'hint', events: [{ recordIds: ['7'] }] });
    for (const address of [
      at('outbound'),
      at('outbound', 'guess'),
      at('outbound', secret, secret),
      at(secret),
      at('elsewhere', secret),
      at(),
    ])
      expect(failureOf(address)).toMatchObject({ code: 'webhook.unauthorised' });
    expect(door.verify(deliver('{"table":"people","id":1}'), nowMs)).toMatchObject({ trust: 'full' });
    expect(failureOf(() => door.verify({ ...deliver('{}'), segments: ['outbound', 'x'] }, nowMs))).toMatchObject({
      code: 'webhook.unauthorised',
    });
  });

  it('signs the address as the CRM does, which decodes some escapes and leaves others', () => {
    const webhooks: Manifest['webhooks'] = {
      verify: {
        kind: 'hmac',
        secret: 'hookSecret',
        alg: 'sha256',
        sign: '{{url}}{{body}}',
        decodeInUrl: ':/',
        signature: { header: 'X-Sig', encoding: 'hex' },
      },
      events: [{ table: 'contact', ids: 'id' }],
    };
    const signed = 'https://sync.example.com/webhooks/northwind?a=b:c/d%20e%26{"id":1}';
    const headers = { 'x-sig': createHmac('sha256', secret).update(signed).digest('hex') };
    const url = 'https://sync.example.com/webhooks/northwind?a=b%3Ac%2Fd%20e%26';
    expect(open({ ...manifest, webhooks }).verify({ ...deliver('{"id":1}'), url, headers }, nowMs).events).toHaveLength(1);
  });

  it('tells true repeats from equal deliveries when the CRM gives neither id nor time', () => {
    const webhooks: Manifest['webhooks'] = {
      verify: {
        kind: 'hmac',
        secret: 'hookSecret',
        alg: 'sha256',
        key: 'whsec',
        sign: '{{body}}',
        signature: { header: 'X-Sig', encoding: 'hex' },
      },
      events: [{ table: 'contact', ids: 'id' }],
    };
    const body = '{"id":1}';
    const signature = createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
      .update(body)
      .digest('hex');
    const request = { ...deliver(body), headers: { 'x-sig': signature } };
    const door = open({ ...manifest, webhooks });
    const id = (atMs: number) => door.verify(request, atMs).deliveryId;
    expect(id(nowMs)).toBe(id(nowMs + 1000));
    expect(id(nowMs)).not.toBe(id(nowMs + 3_600_000));
  });
});
