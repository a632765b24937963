import type { DeliveryBody, DeliveryDetailBody, LagBody, WebhookHealthBody } from '../contract/deliveries.ts';

const seconds = (ms: number): string =>
  ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000).toLocaleString('en-US')} s`;

const describeLag = (from: string, lag: LagBody | undefined): readonly string[] =>
  lag === undefined
    ? []
    : [
        `from ${from} to Dataverse: last ${seconds(lag.lastMilliseconds)}, median ${seconds(lag.medianMilliseconds)}, ` +
          `95 % ${seconds(lag.p95Milliseconds)}, 99 % ${seconds(lag.p99Milliseconds)} (of ${lag.measured.toLocaleString('en-US')})`,
      ];

/** `SILENT` stands first: it is what an admin looks for. */
const describeHook = ({
  hook,
  isSilent,
  lastOn,
  lastDay,
  waiting,
  oldestWaitingOn,
  usualPauseMinutes,
  secrets,
  refused,
}: WebhookHealthBody['hooks'][number]): readonly string[] => [
  [
    hook === undefined ? 'webhook' : `webhook ${hook}`,
    ...(isSilent
      ? [`SILENT longer than usual${usualPauseMinutes === undefined ? '' : ` (longest pause before: ${usualPauseMinutes} min)`}`]
      : []),
    lastOn === undefined ? 'nothing came yet' : `last delivery ${lastOn}`,
    `${lastDay.toLocaleString('en-US')} in the last day`,
    ...(oldestWaitingOn === undefined ? [] : [`${waiting.toLocaleString('en-US')} wait, the oldest since ${oldestWaitingOn}`]),
  ].join(' · '),
  ...secrets.map(({ name, lastUsedOn }) => `  secret ${name}: last used ${lastUsedOn}`),
  ...refused.map(({ reason, count, lastOn: refusedOn }) => `  refused ${count.toLocaleString('en-US')} (${reason}), last ${refusedOn}`),
];

/** How the webhooks of a source do, a line for each thing worth knowing. */
export const describeWebhookHealth = ({ hooks, lagFromEvent, lagFromReceipt, erasuresWaiting }: WebhookHealthBody): readonly string[] => [
  ...hooks.flatMap(describeHook),
  ...describeLag('the event', lagFromEvent),
  ...describeLag('the receipt', lagFromReceipt),
  ...(erasuresWaiting === 0
    ? []
    : [`${erasuresWaiting.toLocaleString('en-US')} ${erasuresWaiting === 1 ? 'record waits' : 'records wait'} to be erased`]),
];

const describeOutcome = ({ outcome = {} }: DeliveryBody): string => {
  const counts = Object.entries(outcome).map(([name, count]) => `${count.toLocaleString('en-US')} ${name}`);
  return counts.length === 0 ? 'nothing to do' : counts.join(', ');
};

export const describeDelivery = (delivery: DeliveryBody): string => {
  const { id, receivedOn, hook, state, records, trust, repeats, lagMilliseconds, tookMilliseconds, replayedOn, problem } = delivery;
  return [
    `${id}  ${receivedOn}${hook === undefined ? '' : ` ${hook}`}: ${state}, ${records} ${records === 1 ? 'record' : 'records'}`,
    ...(state === 'waiting' ? [] : [describeOutcome(delivery)]),
    ...(tookMilliseconds === undefined ? [] : [`took ${seconds(tookMilliseconds)}`]),
    ...(lagMilliseconds === undefined ? [] : [`${seconds(lagMilliseconds)} after it happened`]),
    ...(trust === 'hint' ? ['a hint'] : []),
    ...(repeats === 0 ? [] : [`came ${repeats + 1} times`]),
    ...(replayedOn === undefined ? [] : [`replayed ${replayedOn}`]),
    ...(problem === undefined ? [] : [`${problem.code}: ${problem.help}`]),
  ].join(' · ');
};

export const describeDeliveryDetail = ({ delivery, events }: DeliveryDetailBody): readonly string[] => [
  describeDelivery(delivery),
  `  key ${delivery.deliveryKey}${delivery.secret === undefined ? '' : `, proved with ${delivery.secret}`}`,
  ...events.map(
    ({ table, action, recordIds, happenedOn }) =>
      `  ${action} ${table} ${recordIds.join(', ')}${happenedOn === undefined ? '' : `, happened ${happenedOn}`}`,
  ),
];
