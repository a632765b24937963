import { createHmac } from 'node:crypto';
import { signatureHeaders, decodeWebhookSecret } from '../../../api/sandbox/src/crm-kit/webhook-signature.ts';
import { handClock } from '../support/hand-clock.ts';
import { openReceiver } from '../support/webhook-receiver.ts';
import { type OpenNorthwind, openNorthwind } from './northwind.ts';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

const clock = handClock('2026-05-01T10:00:00.000Z');
let crm: OpenNorthwind;
let receiver: Awaited<ReturnType<typeof openReceiver>>;
const open = async (statuses: readonly number[] = [], subscribe = true): Promise<void> => {
  receiver = await openReceiver(statuses);
  crm = await openNorthwind({ contacts: 40, now: clock.now, webhookRetryDelaysMs: [1, 1] });
  if (subscribe) await crm.ask('POST', '/api/v1/hooks', { url: receiver.url, secret });
};
/** Asks until the deliveries have come to rest. */
const restingStatistics = async (): Promise<unknown> => {
  for (;;) {
    const { webhooks } = (await crm.get<{ webhooks: { waiting: number } }>('/sandbox/statistics')).body;
    if (webhooks.waiting === 0) return webhooks;
  }
};

describe('a webhook’s signature', () => {
  it('is what the vector of Standard Webhooks says', () => {
    // The published vector of the specification's libraries.
    const key = decodeWebhookSecret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestampSeconds: 1614265330, body: '{"test": 2432232314}' };
    expect(signatureHeaders(key ?? Buffer.alloc(0), message)['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });
});

describe('webhooks of the CRM', () => {
  afterEach(async () => {
    await crm.close();
    await receiver.close();
  });

  it('tell of each change by its id and no more', async () => {
    await open();
    await crm.ask('PATCH', '/api/v1/people/100001', { phone: '1' });
    await crm.ask('DELETE', '/api/v1/companies/ALFKI');
    await crm.ask('POST', '/api/v1/people', { full_name: 'New Person' });
    await crm.ask('PATCH', '/api/v1/people/9007199254740993', { phone: '1' });
    const messages = await receiver.untilReceived(4);
    expect(messages.map(({ body }) => body).toSorted()).toEqual([
      '{"table":"companies","event":"deleted","id":"ALFKI"}',
      '{"table":"people","event":"created","id":200041}',
      '{"table":"people","event":"updated","id":100001}',
      '{"table":"people","event":"updated","id":9007199254740993}',
    ]);
    for (const { headers, body } of messages) {
      const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
      expect(headers['webhook-timestamp']).toBe(String(clock.now().getTime() / 1000));
      expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', Buffer.alloc(32, 7)).update(signed).digest('base64')}`);
    }
    expect(new Set(messages.map(({ headers }) => headers['webhook-id'])).size).toBe(4);
  });

  it('are sent again under the same id until they are taken', async () => {
    await open([500, 503, 202]);
    await crm.ask('PATCH', '/api/v1/people/100001', { phone: '1' });
    const messages = await receiver.untilReceived(3);
    expect(new Set(messages.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(await restingStatistics()).toEqual({ waiting: 0, delivered: 1, failed: 0 });
  });

  it('are given up after the last attempt', async () => {
    await open([500, 500, 500]);
    await crm.ask('PATCH', '/api/v1/people/100001', { phone: '1' });
    expect(await restingStatistics()).toEqual({ waiting: 0, delivered: 0, failed: 1 });
    expect(receiver.messages).toHaveLength(3);
  });

  it('end for a receiver that says 410 Gone', async () => {
    await open([410]);
    await crm.ask('PATCH', '/api/v1/people/100001', { phone: '1' });
    await restingStatistics();
    expect((await crm.get('/api/v1/hooks')).body).toEqual({ data: [] });
  });

  it('never hold up the one who made the change', async () => {
    await open();
    receiver.beSilent();
    const changed = await crm.ask('PATCH', '/api/v1/people/100001', { phone: '1' });
    await receiver.untilReceived(1);
    expect(changed.status).toBe(200);
    expect((await crm.get('/sandbox/statistics')).body.webhooks).toEqual({ waiting: 1, delivered: 0, failed: 0 });
  });

  it('are not sent any more once unsubscribed, and a secret is never shown', async () => {
    await open([], false);
    const { status, body } = await crm.ask('POST', '/api/v1/hooks', { url: receiver.url, secret });
    expect(status).toBe(201);
    expect((await crm.get('/api/v1/hooks')).text).not.toContain('whsec_');
    expect((await crm.ask('DELETE', `/api/v1/hooks/${String(body.id)}`)).status).toBe(204);
    await crm.ask('PATCH', '/api/v1/people/100001', { phone: '1' });
    expect(await restingStatistics()).toEqual({ waiting: 0, delivered: 0, failed: 0 });
  });

  it.each([
    ['no prefix', Buffer.alloc(32).toString('base64')],
    ['too short', `whsec_${Buffer.alloc(23).toString('base64')}`],
    ['too long', `whsec_${Buffer.alloc(65).toString('base64')}`],
    ['no base64', 'whsec_not base64 at all, really not'],
  ])('refuse a secret with %s', async (_what, wrong) => {
    await open([], false);
    expect((await crm.ask('POST', '/api/v1/hooks', { url: receiver.url, secret: wrong })).status).toBe(400);
  });
});
