import { type Command, InvalidArgumentError } from 'commander';
import type { DeliveryBody } from '../contract/deliveries.ts';
import type { DeliveriesQuery } from '../contract/services.ts';
import { AppError } from '../errors/app-error.ts';
import type { CommandContext } from './commands.ts';
import { describeDelivery, describeDeliveryDetail, describeWebhookHealth } from './describe-deliveries.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { readCount } from './read-count.ts';

type Perform = (needsWorkers: boolean, work: (context: CommandContext) => Promise<ExitCode>) => Promise<void>;

const usualLimit = 20;
const states: readonly DeliveryBody['state'][] = ['waiting', 'done', 'failed'];

/** `2026-11-26T10:00:00Z`, or `30m`, `2h`, `3d` ago. */
export const readMoment = (text: string, nowMs: number): string => {
  const [, count, unit] = /^(\d{1,6})(m|h|d)$/.exec(text) ?? [];
  const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 }[unit ?? ''];
  const atMs = unitMs === undefined ? Date.parse(text) : nowMs - Number(count) * unitMs;
  if (Number.isNaN(atMs)) throw new InvalidArgumentError('It takes a time such as 2026-11-26T10:00:00Z, or how long ago: 30m, 2h, 3d.');
  return new Date(atMs).toISOString();
};
const readNow = (text: string): string => readMoment(text, Date.now());

const readState = (text: string): DeliveryBody['state'] => {
  const state = states.find((known) => known === text);
  if (state === undefined) throw new InvalidArgumentError(`It takes ${states.join(', ')}.`);
  return state;
};

const readIds = (text: string): number[] => text.split(',').map((id) => readCount(id.trim()));

export interface ListArguments extends Omit<DeliveriesQuery, 'limit' | 'before'> {
  readonly source: string;
  readonly limit: number;
}

/** How the webhooks do, and the newest deliveries. */
export const listDeliveriesCommand = async (
  { services, output }: CommandContext,
  { source, limit, ...query }: ListArguments,
): Promise<ExitCode> => {
  const { webhooks, deliveries } = await services.webhookDeliveries.list(source, { limit, ...query });
  output.say('webhooks', { sourceId: source, ...webhooks }, describeWebhookHealth(webhooks).join('\n'));
  for (const delivery of deliveries) output.say('delivery', { sourceId: source, ...delivery }, describeDelivery(delivery));
  return exitCodes.done;
};

export const showDeliveryCommand = async (
  { services, output }: CommandContext,
  { source, id }: { readonly source: string; readonly id: number },
): Promise<ExitCode> => {
  const detail = await services.webhookDeliveries.get(source, id);
  output.say('delivery', { sourceId: source, ...detail }, describeDeliveryDetail(detail).join('\n'));
  return exitCodes.done;
};

export interface ReplayArguments {
  readonly source: string;
  readonly ids?: number[];
  readonly from?: string;
  readonly to?: string;
  readonly hook?: string;
  readonly failed?: boolean;
}

export const replayDeliveriesCommand = async (
  { services, output }: CommandContext,
  { source, failed = false, ...request }: ReplayArguments,
): Promise<ExitCode> => {
  const result = await services.webhookDeliveries.replay(source, { ...request, ...(failed ? { failed } : {}) });
  const { replayed, withoutPayload } = result;
  const left =
    withoutPayload === 0
      ? ''
      : `; ${withoutPayload.toLocaleString('en-US')} are not, as their records came along and were forgotten when they were written`;
  output.say('replayed', { sourceId: source, ...result }, `${replayed.toLocaleString('en-US')} are handled again now${left}`);
  return exitCodes.done;
};

/** `crm-sync deliveries …` */
export const addDeliveryCommands = (program: Command, perform: Perform): void => {
  const deliveries = program.command('deliveries').description('what CRMs have posted, and what became of it');
  const withSource = (command: Command): Command => command.requiredOption('--source <id>', 'which CRM');
  const withRange = (command: Command): Command =>
    withSource(command)
      .option('--from <time>', 'only those that came then or later: 2026-11-26T10:00:00Z, or 2h for two hours ago', readNow)
      .option('--to <time>', 'only those that came before', readNow)
      .option('--hook <name>', 'only of this webhook');

  withRange(deliveries.command('list').description('show how the webhooks do, and the newest deliveries'))
    .option('--state <state>', `only those that are ${states.join(', ')}`, readState)
    .option('--limit <count>', 'how many at most, up to 500', readCount, usualLimit)
    .action(async (options: ListArguments) => perform(false, (context) => listDeliveriesCommand(context, options)));

  withSource(deliveries.command('show').description('show one with the ids that it names'))
    .argument('<id>', 'as the list shows it', readCount)
    .action(async (id: number, { source }: { source: string }) =>
      perform(false, (context) => showDeliveryCommand(context, { source, id })),
    );

  withRange(deliveries.command('replay').description('handle deliveries again: their records are read from the CRM once more'))
    .option('--ids <ids>', 'only these, separated by a comma', readIds)
    .option('--failed', 'only those with failed records', false)
    .action(async (options: ReplayArguments) => {
      if (options.ids === undefined && options.from === undefined)
        throw new AppError('request.invalid', { problem: '--ids or --from is needed: nobody means all that is remembered' });
      await perform(true, (context) => replayDeliveriesCommand(context, options));
    });
};
