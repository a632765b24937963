import { createHmac } from 'node:crypto';
import type { WebhookRequest } from '../../../../api/src/crm/webhook/types.ts';
import { hmacVectors } from './hmac-vectors.ts';
import { openDoor, type Vector, verdictOn, type WebhooksBody } from './vector.ts';

const nowMs = Date.UTC(2026, 10, 26, 9, 30, 0);
const seconds = String(nowMs / 1000);
const secret = 'a secret of the vendor';

const zoom = hmacVectors.find(({ sender }) => sender === 'Zoom');

const doorOf = (handshakes: NonNullable<WebhooksBody['handshakes']>, settings: Vector['settings'] = { s: secret, word: 'open sesame' }) => {
  if (zoom === undefined) throw new Error('no vector');
  return openDoor({ ...zoom.webhooks, handshakes }, settings);
};

const signedAsZoom = (body: string): WebhookRequest => ({
  method: 'POST',
  url: 'https://sync.example.com/webhooks/crm',
  headers: {
    'x-zm-signature': `v0=${createHmac('sha256', secret).update(`v0:${seconds}:${body}`).digest('hex')}`,
    'x-zm-request-timestamp': seconds,
  },
  rawBody: Buffer.from(body),
});
const unsigned = (body: string): WebhookRequest => ({ ...signedAsZoom(body), headers: {} });
const asked = (query: string): WebhookRequest => ({
  method: 'GET',
  url: `https://sync.example.com/webhooks/crm?${query}`,
  headers: {},
  rawBody: Buffer.alloc(0),
});

const ask = (handshake: NonNullable<WebhooksBody['handshakes']>[number], request: WebhookRequest, settings?: Vector['settings']) =>
  verdictOn(doorOf([handshake], settings), request, nowMs);

describe('a question of the CRM', () => {
  it('by Zoom is answered with the token and its signature', () => {
    const handshake = {
      when: 'event == "endpoint.url_validation"',
      json: { plainToken: 'payload.plainToken', encryptedToken: { hmac: 'payload.plainToken', encoding: 'hex' } },
    } as const;
    const question = '{"payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"},"event":"endpoint.url_validation"}';
    const encryptedToken = createHmac('sha256', secret).update('qgg8vlvZRS6UYooatFL8Aw').digest('hex');
    expect(ask(handshake, signedAsZoom(question))).toMatchObject({
      kind: 'handshake',
      events: [],
      answer: {
        status: 200,
        type: 'application/json; charset=utf-8',
        body: JSON.stringify({ plainToken: 'qgg8vlvZRS6UYooatFL8Aw', encryptedToken }),
      },
    });
    expect(ask(handshake, unsigned(question))).toEqual({ refused: 'header' });
    expect(ask(handshake, signedAsZoom('{"event":"meeting.ended"}'))).toMatchObject({ kind: 'events', events: [] });
  });

  it.each([
    [
      'Slack',
      { when: 'type == "url_verification"', text: 'challenge' },
      '{"type":"url_verification","challenge":"3eZbrw1a"}',
      'text/plain; charset=utf-8',
      '3eZbrw1a',
    ],
    [
      'Twitch',
      { when: 'challenge != null', text: 'challenge' },
      '{"challenge":"pogchamp-kappa"}',
      'text/plain; charset=utf-8',
      'pogchamp-kappa',
    ],
    ['Discord', { when: 'type == 1', json: { type: { const: 1 } } }, '{"type":1}', 'application/json; charset=utf-8', '{"type":1}'],
    ['Xero', { when: 'entropy != null' }, '{"events":[],"entropy":"S0m3r4N0m3t3xt"}', null, ''],
  ])('by %s is answered when it is signed, and only then', (_sender, handshake, question, type, body) => {
    expect(ask(handshake, signedAsZoom(question))).toMatchObject({ kind: 'handshake', answer: { status: 200, type, body } });
    expect(ask(handshake, unsigned(question))).toEqual({ refused: 'header' });
    expect(ask(handshake, signedAsZoom(question), {})).toEqual({ refused: 'noSecret' });
  });

  it('without a signature is answered where the manifest says so, even before there is a secret, and nothing else is', () => {
    const notion = { unsigned: true, when: 'verification_token != null' } as const;
    expect(ask(notion, unsigned('{"verification_token":"secret_x"}'), {})).toMatchObject({
      kind: 'handshake',
      events: [],
      answer: { body: '' },
    });
    expect(ask(notion, unsigned('{"type":"page.updated"}'), {})).toEqual({ refused: 'noSecret' });
    expect(ask(notion, unsigned('not JSON'))).toEqual({ refused: 'header' });
  });

  it('by GET is answered with its own word when it knows ours', () => {
    const handshake = {
      method: 'GET',
      when: '["hub.mode"] == "subscribe"',
      token: { path: '["hub.verify_token"]', secret: 'word' },
      text: '["hub.challenge"]',
    } as const;
    const query = 'hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=open%20sesame';
    expect(ask(handshake, asked(query))).toMatchObject({
      kind: 'handshake',
      answer: { type: 'text/plain; charset=utf-8', body: '1158201444' },
    });
    for (const other of [query.replace('sesame', 'barley'), 'hub.mode=subscribe&hub.challenge=1', '', 'hub.mode=%ff'])
      expect(ask(handshake, asked(other))).toEqual({ refused: 'signature' });
    expect(ask(handshake, asked(query), { s: secret })).toEqual({ refused: 'signature' });
    expect(ask({ text: 'challenge', unsigned: true }, asked('challenge=1'))).toEqual({ refused: 'signature' });
  });

  it('is not answered with a novel', () => {
    const echo = { method: 'GET', unsigned: true, text: 'challenge' } as const;
    expect(ask(echo, asked('challenge=short'))).toMatchObject({ kind: 'handshake', answer: { body: 'short' } });
    expect(ask(echo, asked(`challenge=${'x'.repeat(2001)}`))).toEqual({ refused: 'signature' });
  });
});
