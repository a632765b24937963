import type { VerifiedDelivery, WebhookRequest } from '../../../api/src/crm/webhook/types.ts';
import { AppError } from '../../../api/src/errors/app-error.ts';
import type { NewDelivery } from '../../../api/src/store/inbox/types.ts';
import { createWebhookService } from '../../../api/src/webhooks/webhook-service.ts';

const nowMs = Date.UTC(2026, 10, 26);
const taken: VerifiedDelivery = {
  kind: 'events',
  deliveryId: 'd-1',
  events: [{ table: 'contact', recordIds: ['1'], action: 'upsert' }],
  trust: 'full',
  secret: 'hookSecret',
  answer: { status: 200, type: 'text/xml', body: '<Ack/>' },
};

const openService = (verified: VerifiedDelivery, putFails = false) => {
  const seen: WebhookRequest[] = [];
  const steps: string[] = [];
  const stored: NewDelivery[] = [];
  const refused: object[] = [];
  let refusal: AppError | null = null;
  const verify = (request: WebhookRequest) => {
    seen.push(request);
    if (refusal !== null) throw refusal;
    return verified;
  };
  const service = createWebhookService({
    sources: {
      all: () => [
        { id: 'crm', connector: { webhook: { verify, hookOf: (segments: readonly string[]) => segments[0] ?? '' } } },
        { id: 'silent', connector: { webhook: null } },
      ],
    },
    inbox: {
      put: async (delivery) => {
        if (putFails) throw new Error('the store is away');
        steps.push('stored');
        stored.push(delivery);
        return true;
      },
    },
    drain: { call: (sourceId) => steps.push(`called for ${sourceId}`) },
    refusals: { note: (refusal) => refused.push(refusal) },
    clock: { nowMs: () => nowMs },
    publicUrl: 'https://sync.example.com/below/',
  });
  const refuseWith = (error: AppError): void => void (refusal = error);
  return { service, seen, steps, stored, refused, refuseWith };
};

const request = { method: 'POST', headers: {}, rawBody: Buffer.from('{}'), query: '' };

describe('a delivery at the service', () => {
  it('is stored, then a worker is called, then it is answered as the CRM wants', async () => {
    const { service, steps, stored } = openService(taken);
    expect(await service.receive('crm', request)).toEqual(taken.answer);
    expect(steps).toEqual(['stored', 'called for crm']);
    const told = { hook: '', secret: 'hookSecret', trust: 'full' };
    expect(stored).toEqual([{ deliveryKey: 'd-1', sourceId: 'crm', events: taken.events, receivedOnMs: nowMs, ...told }]);
  });

  it('that is a question is answered, and nothing is stored', async () => {
    const { service, steps } = openService({ ...taken, kind: 'handshake', events: [] });
    expect(await service.receive('crm', request)).toEqual(taken.answer);
    expect(steps).toEqual([]);
  });

  it('is verified at the configured address, with its own end and query', async () => {
    const { service, seen } = openService(taken);
    await service.receive('crm', { ...request, segments: ['out', 'a/b'], query: 'x=1' });
    expect(seen[0]?.url).toBe('https://sync.example.com/below/webhooks/crm/out/a%2Fb?x=1');
  });

  it('is not answered when it could not be stored', async () => {
    const { service, steps } = openService(taken, true);
    await expect(service.receive('crm', request)).rejects.toThrow('the store is away');
    expect(steps).toEqual([]);
  });

  it.each(['silent', 'nobody'])('for a source without a door (%s) is refused like a forgery', async (source) => {
    await expect(openService(taken).service.receive(source, request)).rejects.toMatchObject({ code: 'webhook.unauthorised' });
  });
});

describe('a delivery that is refused', () => {
  const refusing = (code: 'webhook.unauthorised' | 'webhook.unreadable') => {
    const opened = openService(taken);
    const error = code === 'webhook.unauthorised' ? new AppError(code, { reason: 'time' }) : new AppError(code, { problem: 'no id' });
    opened.refuseWith(error);
    return opened;
  };

  it.each([
    ['webhook.unauthorised', 'time'],
    ['webhook.unreadable', 'unreadable'],
  ] as const)('with %s is counted with its reason and webhook, and not stored', async (code, reason) => {
    const { service, refused, stored } = refusing(code);
    await expect(service.receive('crm', { ...request, segments: ['out'] })).rejects.toMatchObject({ code });
    expect(refused).toEqual([{ sourceId: 'crm', hook: 'out', reason }]);
    expect(stored).toEqual([]);
  });

  it('before it was read is counted for a source that has a door, and for no other', () => {
    const { service, refused } = openService(taken);
    for (const source of ['crm', 'silent', 'nobody']) service.noteRefusal(source, 'size');
    expect(refused).toEqual([{ sourceId: 'crm', hook: '', reason: 'size' }]);
  });
});
