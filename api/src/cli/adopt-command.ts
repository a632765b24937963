import type { AdoptionBody, DuplicatesPolicy } from '../contract/adoption.ts';
import type { TableName } from '../crm/types.ts';
import { AppError } from '../errors/app-error.ts';
import type { CommandContext } from './commands.ts';
import { describeAdoption } from './describe-setup.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

export interface AdoptArguments {
  readonly source: string;
  readonly tables?: readonly TableName[];
  readonly isDryRun: boolean;
  readonly isConfirmed: boolean;
  readonly duplicates: DuplicatesPolicy;
}

const sum = ({ tables }: AdoptionBody, countOf: (table: AdoptionBody['tables'][number]) => number): number =>
  tables.reduce((total, table) => total + countOf(table), 0);

/** Rows are left that a person must look at. */
const isPartial = (adoption: AdoptionBody): boolean =>
  sum(adoption, ({ failed, taken, doubled, doubledInactive }) => failed + taken + doubled - doubledInactive) > 0;

const isAnythingToDo = (preview: AdoptionBody): boolean =>
  sum(preview, ({ adopted, doubled, doubledInactive }) => adopted + (preview.duplicates === 'deactivate' ? doubled - doubledInactive : 0)) >
  0;

/** Shows what it would do, asks, and does it. With a yes beforehand it does it at once. */
export const adoptCommand = async (context: CommandContext, args: AdoptArguments): Promise<ExitCode> => {
  const { services, output, signal, confirm } = context;
  const adopt = async (isDryRun: boolean): Promise<AdoptionBody> => {
    const adoption = await services.adoption.adopt(
      args.source,
      { isDryRun, duplicates: args.duplicates, ...(args.tables === undefined ? {} : { tables: [...args.tables] }) },
      {
        signal,
        onProgress: ({ table, read, adopted }) =>
          output.progress('adopting', { isDryRun, table, read, adopted }, `${table} … ${read.toLocaleString('en-US')} rows looked at`),
      },
    );
    output.say(isDryRun ? 'previewed' : 'adopted', { adoption }, describeAdoption(adoption).join('\n'));
    return adoption;
  };

  if (args.isDryRun) {
    await adopt(true);
    return exitCodes.done;
  }
  if (!args.isConfirmed) {
    if (confirm === null) throw new AppError('setup.not_confirmed', { what: 'adopt' });
    const preview = await adopt(true);
    if (!isAnythingToDo(preview)) return isPartial(preview) ? exitCodes.partial : exitCodes.done;
    if (!(await confirm('Adopt these rows?'))) {
      output.say('declined', {}, 'Nothing was written.');
      return exitCodes.cancelled;
    }
  }
  return isPartial(await adopt(false)) ? exitCodes.partial : exitCodes.done;
};
