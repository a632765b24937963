import type { SetupBody } from '../contract/setup.ts';
import { AppError } from '../errors/app-error.ts';
import type { CommandContext } from './commands.ts';
import { describeFinding } from './describe-setup.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { type WaitForKeysOptions, waitForKeys } from './wait-for-keys.ts';

export interface SetupArguments {
  readonly isDryRun: boolean;
  readonly isConfirmed: boolean;
  readonly waitMs: number;
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;

const show = ({ output }: CommandContext, event: string, setup: SetupBody, title: string, findings: SetupBody['findings']): void =>
  output.say(event, { setup }, [title, ...findings.map((finding) => `  ${describeFinding(finding)}`)].join('\n'));

/** What only a person can mend is left: rows may be synced or not, but the environment is not as it should be. */
const exitCodeOf = ({ isReady }: SetupBody): ExitCode => (isReady ? exitCodes.done : exitCodes.partial);

const isStillToDo = ({ remedy }: SetupBody['findings'][number]): boolean => remedy !== 'wait';

/** Shows what is missing, asks, makes it, and waits until the keys can be used. */
export const setupCommand = async (
  context: CommandContext,
  args: SetupArguments,
  time: Pick<WaitForKeysOptions, 'clock' | 'sleep'>,
): Promise<ExitCode> => {
  const { services, output, signal, confirm } = context;
  const { setup } = services;
  const seen = await setup.inspect(signal);
  if (seen.isReady) {
    output.say('setup', { setup: seen }, 'The environment has all that it needs. Nothing was changed.');
    return exitCodes.done;
  }
  if (seen.findings.length > 0) show(context, 'planned', seen, 'The environment differs from what is needed:', seen.findings);
  if (args.isDryRun) return exitCodes.partial;

  let now = seen;
  if (seen.changes.length > 0) {
    if (!args.isConfirmed) {
      if (confirm === null) throw new AppError('setup.not_confirmed', { what: 'setup' });
      if (!(await confirm(`Make ${seen.changes.length === 1 ? 'this change' : `these ${seen.changes.length} changes`}?`))) {
        output.say('declined', {}, 'Nothing was changed.');
        return exitCodes.cancelled;
      }
    }
    output.progress('working', { changes: seen.changes.length }, 'Changing tables; Dataverse takes some seconds for each …');
    now = await setup.apply(signal);
    show(context, 'changed', now, `${now.changes.length} changed:`, now.changes);
  }
  const { changes } = now;
  now = await waitForKeys(now, {
    setup,
    ...time,
    limitMs: args.waitMs,
    signal,
    onWaiting: (tables, waitedMs) =>
      output.progress('waiting', { tables, waitedMs }, `Dataverse builds the key of ${tables.join(' and ')} … ${seconds(waitedMs)}`),
  });
  const left = now.findings.filter(isStillToDo);
  const title = now.isReady ? 'The environment has all that it needs.' : 'This is left for a person:';
  show(context, 'setup', { ...now, changes }, title, left);
  return exitCodeOf(now);
};
