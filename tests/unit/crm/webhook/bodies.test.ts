import { createHmac } from 'node:crypto';
import type { WebhookRequest } from '../../../../api/src/crm/webhook/types.ts';
import { openDoor, verdictOn, type WebhooksBody } from './vector.ts';

const secret = 'a secret of the vendor';
const nowMs = Date.UTC(2026, 10, 26, 9, 30, 0);
const verify = { kind: 'hmac', secret: 's', alg: 'sha256', sign: '{{body}}', signature: { header: 'X-S', encoding: 'hex' } } as const;

const signed = (body: string | Buffer, headers: WebhookRequest['headers'] = {}): WebhookRequest => ({
  method: 'POST',
  url: 'https://sync.example.com/webhooks/crm',
  headers: { 'x-s': createHmac('sha256', secret).update(body).digest('hex'), ...headers },
  rawBody: Buffer.from(body),
});

const receive = (webhooks: Partial<WebhooksBody>, request: WebhookRequest, settings: Readonly<Record<string, string>> = {}, atMs = nowMs) =>
  verdictOn(openDoor({ verify, ...webhooks }, { s: secret, ...settings }), request, atMs);

const contact: WebhooksBody['events'] = [{ table: 'contact', ids: 'id' }];
const look = (...ids: readonly string[]) => ids.map((id) => ({ table: 'contact', recordIds: [id], action: 'upsert' }));

const notification = (id: string) =>
  `<Notification><Id>n-${id}</Id><sObject xmlns:sf="urn:x"><sf:Id>${id}</sf:Id></sObject></Notification>`;
const outbound = (...ids: readonly string[]) =>
  `<soapenv:Envelope xmlns:soapenv="s"><soapenv:Body><notifications xmlns="o"><OrganizationId>00D1</OrganizationId>${ids.map(notification).join('')}</notifications></soapenv:Body></soapenv:Envelope>`;

describe('the body of a delivery', () => {
  it('is read as JSON whatever its content type says', () => {
    const request = signed('{"id":7}', { 'content-type': 'application/x-www-form-urlencoded' });
    expect(receive({ events: contact }, request)).toMatchObject({ events: look('7') });
  });

  it.each([[['1']], [['1', '2']]])('may be XML, with %j', (ids) => {
    const webhooks: Partial<WebhooksBody> = {
      format: 'xml',
      each: 'Envelope.Body.notifications.Notification',
      events: [{ table: 'contact', ids: 'sObject.Id' }],
    };
    expect(receive(webhooks, signed(outbound(...ids)))).toMatchObject({ events: look(...ids) });
  });

  it('may be a form', () => {
    expect(receive({ format: 'form', events: contact }, signed('name=A+%26+B&id=x%2F1'))).toMatchObject({ events: look('x/1') });
    expect(receive({ format: 'form', events: [{ table: 'contact', ids: 'id[*]' }] }, signed('id=1&id=2'))).toMatchObject({
      events: [{ recordIds: ['1', '2'] }],
    });
  });

  it('may hold many events', () => {
    expect(receive({ each: '$', events: contact }, signed('[{"id":1},{"id":2}]'))).toMatchObject({ events: look('1', '2') });
  });

  it.each([
    ['json', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['json', Buffer.from('{"id":')],
    ['xml', Buffer.from([0x3c, 0x61, 0x3e, 0xc3, 0x28, 0x3c, 0x2f, 0x61, 0x3e])],
    ['xml', Buffer.from('<a><b></a>')],
    ['xml', Buffer.from('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>')],
    ['form', Buffer.from('id=%ff')],
    ['form', Buffer.from('id=%zz')],
    ['form', Buffer.from([0x69, 0x64, 0x3d, 0xff])],
  ] as const)('that is no %s is not taken, although it is signed', (format, body) => {
    expect(receive({ format, events: contact }, signed(body))).toBe('unreadable');
  });
});

describe('whose data a delivery is about', () => {
  const tenant = { path: '[*].portalId', is: '{{settings.portal}}' };
  it('is checked in every event', () => {
    const of = (body: string, portal = '62515') => receive({ tenant, each: '$', events: contact }, signed(body), { portal });
    expect(of('[{"portalId":62515,"id":1},{"portalId":62515,"id":2}]')).toMatchObject({ events: look('1', '2') });
    expect(of('[{"portalId":62515,"id":1},{"portalId":62516,"id":2}]')).toEqual({ refused: 'tenant' });
    expect(of('[{"id":1}]')).toEqual({ refused: 'tenant' });
    expect(of('[{"portalId":"","id":1}]', '')).toEqual({ refused: 'tenant' });
  });
});

describe('what the CRM hears', () => {
  it('is what its manifest says', () => {
    const ack = { status: 200, type: 'text/xml', body: '<Ack>true</Ack>' };
    expect(receive({ ack }, signed('{}'))).toMatchObject({ answer: ack });
    expect(receive({}, signed('{}'))).toMatchObject({ answer: { status: 202, body: '' } });
  });
});

describe('a repeat', () => {
  const idOf = (webhooks: Partial<WebhooksBody>, request: WebhookRequest, atMs = nowMs): string => {
    const verdict = receive(webhooks, request, {}, atMs);
    if (typeof verdict !== 'object' || !('deliveryId' in verdict)) throw new Error('not taken');
    return verdict.deliveryId;
  };
  const withId = { verify: { ...verify, id: { header: 'X-Delivery' } } };

  it('is told by the CRM’s id of the delivery', () => {
    expect(idOf(withId, signed('{}', { 'x-delivery': 'a' }), nowMs + 3_600_000)).toBe(idOf(withId, signed('{}', { 'x-delivery': 'a' })));
    expect(idOf(withId, signed('{}', { 'x-delivery': 'b' }))).not.toBe(idOf(withId, signed('{}', { 'x-delivery': 'a' })));
  });

  it('cannot be staged to hide a true delivery: an id that is not signed counts only with its body', () => {
    const forged = idOf(withId, signed('{"old":1}', { 'x-delivery': 'next' }));
    expect(idOf(withId, signed('{"new":1}', { 'x-delivery': 'next' }))).not.toBe(forged);
  });

  it('is told by what the manifest says is the same', () => {
    const byBody = { dedupe: '{{body.type}}-{{body.event.id}}' };
    expect(idOf(byBody, signed('{"type":"t","event":{"id":1},"attempt":1}'))).toBe('t-1');
    expect(idOf(byBody, signed('{"type":"t","event":{"id":1},"attempt":2}'))).toBe('t-1');
    const byHeader = { dedupe: '{{header.X-Attempt-Of}}' };
    const first = idOf(byHeader, signed('{}', { 'x-attempt-of': 'ü' }));
    expect(idOf(byHeader, signed('{}', { 'x-attempt-of': 'ü' }), nowMs + 3_600_000)).toBe(first);
    expect(first).toMatch(/^[!-~]+$/);
    // The header is not signed: who has seen one delivery could send it again under the name of the next.
    expect(idOf(byHeader, signed('{"new":1}', { 'x-attempt-of': 'ü' }))).not.toBe(first);
  });

  it('of a hint is told by its whole body, since whoever knows the secret can name any mark', () => {
    const hint: Partial<WebhooksBody> = { verify: { kind: 'bodyField', path: 'token', secret: 's' }, dedupe: '{{body.event}}' };
    const say = (id: number) => idOf(hint, signed(JSON.stringify({ token: secret, event: 'e1', id })));
    expect(say(1)).toBe(say(1));
    expect(say(1)).not.toBe(say(2));
  });

  it('of which the manifest’s mark is missing is told as if there were none', () => {
    const byBody = { dedupe: '{{body.eventId}}' };
    expect(idOf(byBody, signed('{"id":1}'))).toBe(idOf({}, signed('{"id":1}')));
  });

  it('without id and time is told within a minute', () => {
    expect(idOf({}, signed('{}'), nowMs + 1000)).toBe(idOf({}, signed('{}')));
    expect(idOf({}, signed('{}'), nowMs + 3_600_000)).not.toBe(idOf({}, signed('{}')));
  });
});
