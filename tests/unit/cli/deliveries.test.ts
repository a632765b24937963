import type { DeliveryBody } from '../../../api/src/contract/deliveries.ts';
import { readMoment } from '../../../api/src/cli/deliveries-commands.ts';
import { describeDelivery, describeDeliveryDetail, describeWebhookHealth } from '../../../api/src/cli/describe-deliveries.ts';

const nowMs = Date.UTC(2026, 10, 26, 12);
const delivery: DeliveryBody = {
  id: 41,
  deliveryKey: 'msg_1',
  state: 'failed',
  trust: 'hint',
  secret: 'hookSecret (2)',
  receivedOn: '2026-11-26T10:00:00.000Z',
  doneOn: '2026-11-26T10:00:01.500Z',
  tookMilliseconds: 1_500,
  lagMilliseconds: 62_000,
  repeats: 2,
  records: 3,
  outcome: { written: 2, failed: 1 },
};

describe('a moment at the command line', () => {
  it.each([
    ['2026-11-26T10:00:00Z', '2026-11-26T10:00:00.000Z'],
    ['30m', '2026-11-26T11:30:00.000Z'],
    ['2h', '2026-11-26T10:00:00.000Z'],
    ['3d', '2026-11-23T12:00:00.000Z'],
  ])('%s is %s', (text, instant) => {
    expect(readMoment(text, nowMs)).toBe(instant);
  });

  it.each(['yesterday', '', '5 minutes', '2w'])('“%s” is none', (text) => {
    expect(() => readMoment(text, nowMs)).toThrow(/It takes a time/);
  });
});

describe('deliveries at a terminal', () => {
  it('are told in a line: what became of them, how long it took, how often they came', () => {
    expect(describeDelivery(delivery)).toBe(
      '41  2026-11-26T10:00:00.000Z: failed, 3 records · 2 written, 1 failed · took 1.5 s · 62 s after it happened · a hint · came 3 times',
    );
  });

  it('say why they wait', () => {
    const { doneOn: _done, tookMilliseconds: _took, lagMilliseconds: _lag, outcome: _outcome, ...rest } = delivery;
    const waiting: DeliveryBody = { ...rest, state: 'waiting', problem: { code: 'dataverse.unreachable', help: 'Wait.' } };
    expect(describeDelivery(waiting)).toContain('waiting, 3 records');
    expect(describeDelivery(waiting)).toContain('dataverse.unreachable: Wait.');
    expect(describeDelivery(waiting)).not.toContain('nothing to do');
  });

  it('are shown with the ids that they name and the secret that proved them', () => {
    const lines = describeDeliveryDetail({ delivery, events: [{ table: 'contact', action: 'merge', recordIds: ['7', '8'] }] });
    expect(lines.slice(1)).toEqual(['  key msg_1, proved with hookSecret (2)', '  merge contact 7, 8']);
  });

  it('a silent webhook, refusals, secrets and what waits each have their line', () => {
    const lines = describeWebhookHealth({
      hooks: [
        {
          address: 'https://sync.example.com/webhooks/crm',
          lastOn: '2026-11-26T10:00:00.000Z',
          lastDay: 1_200,
          waiting: 2,
          oldestWaitingOn: '2026-11-26T09:00:00.000Z',
          isSilent: true,
          usualPauseMinutes: 50,
          secrets: [{ name: 'hookSecret', lastUsedOn: '2026-11-26T10:00:00.000Z' }],
          refused: [{ reason: 'signature', count: 4, lastOn: '2026-11-26T08:00:00.000Z' }],
        },
        {
          hook: 'outbound',
          address: 'https://sync.example.com/webhooks/crm/outbound',
          lastDay: 0,
          waiting: 0,
          isSilent: false,
          secrets: [],
          refused: [],
        },
      ],
      lagFromEvent: { measured: 500, lastMilliseconds: 900, medianMilliseconds: 1_000, p95Milliseconds: 4_000, p99Milliseconds: 61_000 },
      erasuresWaiting: 1,
    });
    expect(lines).toEqual([
      'webhook · SILENT longer than usual (longest pause before: 50 min) · last delivery 2026-11-26T10:00:00.000Z · 1,200 in the last day · 2 wait, the oldest since 2026-11-26T09:00:00.000Z',
      '  secret hookSecret: last used 2026-11-26T10:00:00.000Z',
      '  refused 4 (signature), last 2026-11-26T08:00:00.000Z',
      'webhook outbound · nothing came yet · 0 in the last day',
      'from the event to Dataverse: last 0.9 s, median 1.0 s, 95 % 4.0 s, 99 % 61 s (of 500)',
      '1 record waits to be erased',
    ]);
  });
});
