import type { WebhookEvent } from '../../../api/src/crm/webhook/types.ts';
import type { InboxDelivery, RecordOutcome, Refused } from '../../../api/src/store/inbox/types.ts';
import { createRefusalCounter } from '../../../api/src/webhooks/count-refusals.ts';
import { outcomeOfDelivery } from '../../../api/src/webhooks/outcomes.ts';
import { batchOf, planBatch } from '../../../api/src/webhooks/plan-batch.ts';

const deliveryOf = (...events: readonly WebhookEvent[]): InboxDelivery => ({
  deliveryKey: 'd',
  sourceId: 'crm',
  receivedOnMs: 1,
  events,
});

describe('a batch of deliveries', () => {
  it('asks for each record once, and not for one whose person is to be forgotten', () => {
    const plans = planBatch(
      [
        deliveryOf({ table: 'contact', recordIds: ['1', '2'], action: 'upsert' }),
        deliveryOf({ table: 'contact', recordIds: ['2'], action: 'erase' }, { table: 'account', recordIds: ['1'], action: 'merge' }),
        deliveryOf({ table: 'contact', recordIds: ['1'], action: 'delete' }),
      ],
      () => false,
    );
    expect(plans.get('contact')).toEqual({ readIds: new Set(['1']), eraseIds: new Set(['2']), carried: [] });
    expect(plans.get('account')).toEqual({ readIds: new Set(['1']), eraseIds: new Set(), carried: [] });
  });

  it('keeps what came along in its order, and never takes a record that is lost for one that is deleted', () => {
    const plans = planBatch(
      [
        deliveryOf({ table: 'contact', recordIds: ['1'], action: 'upsert', occurredOnMs: 5, carried: { id: '1' } }),
        deliveryOf({ table: 'contact', recordIds: ['2'], action: 'upsert' }),
        deliveryOf({ table: 'contact', recordIds: ['1'], action: 'delete', occurredOnMs: 6 }),
      ],
      () => true,
    );
    expect(plans.get('contact')?.carried).toEqual([
      { recordIds: ['1'], occurredOnMs: 5, what: { record: { id: '1' } } },
      { recordIds: ['2'], occurredOnMs: null, what: 'lost' },
      { recordIds: ['1'], occurredOnMs: 6, what: 'deleted' },
    ]);
  });

  it('gives a delivery the outcomes of its own records, each counted once', () => {
    const outcomes = new Map([
      [
        'contact' as const,
        new Map<string, RecordOutcome>([
          ['1', 'written'],
          ['2', 'failed'],
          ['3', 'written'],
        ]),
      ],
    ]);
    const delivery = deliveryOf(
      { table: 'contact', recordIds: ['1', '2'], action: 'upsert' },
      { table: 'contact', recordIds: ['1'], action: 'delete' },
      { table: 'account', recordIds: ['1'], action: 'upsert' },
    );
    expect(outcomeOfDelivery(delivery, outcomes)).toEqual({ written: 1, failed: 1 });
  });
});

describe('how much is one batch', () => {
  const naming = (...recordIds: readonly string[]) => deliveryOf({ table: 'contact', recordIds, action: 'upsert' });
  const many = (count: number, prefix = 'r') => naming(...Array.from({ length: count }, (_none, position) => `${prefix}${position}`));

  it('is as many deliveries as are about two thousand records, however often each is named', () => {
    const same = Array.from({ length: 500 }, () => many(100));
    expect(batchOf(same)).toHaveLength(500);
    expect(batchOf([many(1_000, 'a'), many(1_000, 'b'), naming('c')])).toHaveLength(2);
    expect(batchOf([])).toEqual([]);
  });

  it('is one delivery that alone names more', () => {
    expect(batchOf([many(9_000), naming('x')])).toHaveLength(1);
  });
});

describe('refused deliveries', () => {
  const open = () => {
    const written: Refused[][] = [];
    const sleeps: PromiseWithResolvers<void>[] = [];
    const counter = createRefusalCounter({
      deliveries: { addRefused: async (sums) => void written.push([...sums]) },
      clock: { nowMs: () => 86_400_000 * 3 },
      sleep: (_ms, signal) => {
        const sleeping = Promise.withResolvers<void>();
        signal.addEventListener('abort', () => sleeping.reject(new Error('stopped')));
        sleeps.push(sleeping);
        return sleeping.promise;
      },
      log: { warn: () => undefined },
    });
    return { counter, written, sleeps };
  };
  const forged = { sourceId: 'crm', hook: '', reason: 'signature' };

  it('are written as one sum, however many come in a moment', async () => {
    const { counter, written, sleeps } = open();
    for (let times = 0; times < 5_000; times += 1) counter.note(forged);
    counter.note({ ...forged, reason: 'time' });
    expect(sleeps).toHaveLength(1);
    sleeps[0]?.resolve();
    await counter.stop();
    expect(written.flat()).toEqual([
      { ...forged, day: 3, refused: 5_000, lastOnMs: 259_200_000 },
      { ...forged, reason: 'time', day: 3, refused: 1, lastOnMs: 259_200_000 },
    ]);
  });

  it('are written when the process stops, too', async () => {
    const { counter, written } = open();
    counter.note(forged);
    await counter.stop();
    expect(written.flat()).toMatchObject([{ refused: 1 }]);
  });
});
