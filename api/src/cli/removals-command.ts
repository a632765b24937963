import type { RemovalsBody, WaitingRemovalsBody } from '../contract/removals.ts';
import type { TableName } from '../crm/types.ts';
import { AppError } from '../errors/app-error.ts';
import type { CommandContext } from './commands.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

const idsPerPage = 1000;
const samplesShown = 10;

const describeTable = ({ table, waiting, linked, action, recordIds }: WaitingRemovalsBody): string => {
  if (waiting === 0) return `${table}: none`;
  const shown = recordIds.slice(0, samplesShown).join(', ');
  const rest = waiting > samplesShown ? ` and ${(waiting - samplesShown).toLocaleString('en-US')} more` : '';
  return `${table}: ${waiting.toLocaleString('en-US')} of ${linked.toLocaleString('en-US')} rows would be ${action}d: ${shown}${rest}`;
};

/** Shows what waits; in a pipe every id of it. */
export const listRemovalsCommand = async ({ services, output }: CommandContext, source: string): Promise<ExitCode> => {
  const removals = await services.removals.list(source, { limit: idsPerPage });
  for (const first of removals.tables) {
    output.say('removals', { sourceId: source, ...first }, describeTable(first));
    let afterId = first.nextAfterId;
    while (afterId !== undefined) {
      const [page] = (await services.removals.list(source, { table: first.table, afterId, limit: idsPerPage })).tables;
      if (page !== undefined) output.say('moreRemovals', { sourceId: source, table: page.table, recordIds: page.recordIds }, '');
      afterId = page?.nextAfterId;
    }
  }
  return exitCodes.done;
};

export interface ApproveArguments {
  readonly source: string;
  readonly tables?: readonly TableName[];
  /** null: as many as are shown now. */
  readonly atMost: number | null;
  readonly isConfirmed: boolean;
}

const wantedTables = (removals: RemovalsBody, tables: readonly TableName[] | undefined): readonly WaitingRemovalsBody[] =>
  removals.tables.filter(({ table, waiting }) => waiting > 0 && (tables === undefined || tables.includes(table)));

/** Shows what waits, asks, and approves exactly that. Who says `--at-most` beforehand is not asked. */
export const approveRemovalsCommand = async ({ services, output, confirm }: CommandContext, args: ApproveArguments): Promise<ExitCode> => {
  const waiting = wantedTables(await services.removals.list(args.source, { limit: samplesShown }), args.tables);
  for (const one of waiting) output.say('removals', { sourceId: args.source, ...one }, describeTable(one));
  if (waiting.length === 0) {
    output.say('removals', { sourceId: args.source, waiting: 0 }, 'No removals wait.');
    return exitCodes.done;
  }
  if (!args.isConfirmed && args.atMost === null) {
    if (confirm === null) throw new AppError('setup.not_confirmed', { what: 'removals approve' });
    if (!(await confirm('Approve these removals?'))) {
      output.say('declined', {}, 'Nothing was approved.');
      return exitCodes.cancelled;
    }
  }
  for (const { table, waiting: count, mark } of waiting) {
    const limits = args.atMost === null ? { atMost: count, mark } : { atMost: args.atMost };
    const { decided } = await services.removals.approve(args.source, { table, ...limits });
    output.say(
      'approved',
      { sourceId: args.source, table, decided },
      `${table}: ${decided.toLocaleString('en-US')} approved; the API carries them out now, else the next run`,
    );
  }
  return exitCodes.done;
};

export const dismissRemovalsCommand = async (
  { services, output }: CommandContext,
  { source, tables }: { readonly source: string; readonly tables?: readonly TableName[] },
): Promise<ExitCode> => {
  for (const { table } of wantedTables(await services.removals.list(source, { limit: 1 }), tables)) {
    const { decided } = await services.removals.dismiss(source, table);
    output.say('dismissed', { sourceId: source, table, decided }, `${table}: ${decided.toLocaleString('en-US')} rows stay`);
  }
  return exitCodes.done;
};
