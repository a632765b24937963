import type { AdoptionBody, AdoptionTableBody } from '../contract/adoption.ts';
import type { SetupFindingBody } from '../contract/setup.ts';

const problems: Readonly<Record<SetupFindingBody['problem'], string>> = {
  missing: 'is missing',
  wrongType: 'has the wrong type',
  tooShort: 'is too short',
  optionMissing: 'lacks an option',
  keyBuilding: 'is being built',
  keyFailed: 'could not be built',
  keyOnOtherColumns: 'is on other columns',
};

const remedies: Readonly<Record<SetupFindingBody['remedy'], string>> = {
  create: 'setup makes it',
  lengthen: 'setup lengthens it',
  addOption: 'setup adds it',
  reactivate: 'setup starts it again',
  wait: 'Dataverse is at it',
  importSolution: 'it belongs to the solution: import its newest version',
  byHand: 'a person must decide: what is there would be lost',
};

/** `contact  column  ccsync_sourcekey  is missing (wanted: String, 250 characters): setup makes it` */
export const describeFinding = ({ table, component, name, problem, remedy, found, expected }: SetupFindingBody): string => {
  const difference = found === undefined ? `wanted: ${expected}` : `there: ${found}; wanted: ${expected}`;
  return `${(table ?? '').padEnd(8)} ${component.padEnd(6)} ${name.padEnd(24)} ${problems[problem]} (${difference}): ${remedies[remedy]}`;
};

const number = (value: number): string => value.toLocaleString('en-US');

const lines: readonly (readonly [keyof AdoptionTableBody['samples'], string])[] = [
  ['adopted', 'adopted'],
  ['ours', 'ours already'],
  ['withoutId', 'without a usable CRM id'],
  ['doubled', 'doubled: another row of the same record stays'],
  ['taken', 'key taken by a newer row: look at both, and merge them'],
  ['otherRecord', 'with the key of another record'],
];

const describeTable = (counts: AdoptionTableBody, isDryRun: boolean): readonly string[] => {
  const inactive = counts.doubledInactive > 0 ? ` (${number(counts.doubledInactive)} inactive)` : '';
  return [
    `${counts.table}: ${number(counts.read)} rows of this CRM`,
    ...lines
      .filter(([name]) => counts[name] > 0)
      .map(([name, words]) => {
        const text = name === 'adopted' && isDryRun ? 'to adopt' : `${words}${name === 'doubled' ? inactive : ''}`;
        const samples = name === 'ours' ? '' : `, for example ${counts.samples[name].slice(0, 3).join(', ')}`;
        return `  ${number(counts[name]).padStart(9)} ${text}${samples}`;
      }),
    ...(counts.failed > 0 ? [`  ${number(counts.failed).padStart(9)} failed`] : []),
    ...counts.failures.map(({ rowId, code, reason }) => `  failed: ${rowId}: ${reason} [${code}]`),
  ];
};

/** GUIDs and counts, no customer data. */
export const describeAdoption = ({ tables, isDryRun }: AdoptionBody): readonly string[] => [
  ...tables.flatMap((counts) => describeTable(counts, isDryRun)),
  ...(isDryRun ? ['Nothing was written.'] : []),
];
