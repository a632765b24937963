import type { ChoiceOption, TableDescription } from '../../dataverse/types.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Source } from '../types.ts';
import { microsoftCrmColumn } from './columns.ts';

const fold = (label: string): string => label.trim().toLowerCase();

const hasLabel = (option: ChoiceOption, wanted: string): boolean =>
  [option.label, ...option.labels].some((label) => fold(label) === fold(wanted));

export const describeOptions = (options: readonly ChoiceOption[]): string =>
  options.length === 0 ? 'none' : options.map(({ label, value }) => `${label} (${value})`).join(', ');

/** The options of Microsoft's choice; null when the table has no such choice. */
export const microsoftOptions = (description: TableDescription): readonly ChoiceOption[] | null => {
  const column = description.columns.get(microsoftCrmColumn);
  return column?.type === 'Picklist' ? (column.options ?? []) : null;
};

/**
 * The value of `msdyn_source_crm` that stands for this source's CRM: what the configuration says, by label or value, else the option that
 * is labelled as the connector. Null when there is none, or the source is none of Microsoft's business. Nobody publishes the list, so it
 * is always taken from metadata. Throws `source.microsoft_crm_unknown` when the configuration names an option that is not there.
 */
export const microsoftChoiceOf = (source: Source, description: TableDescription): number | null => {
  const options = microsoftOptions(description);
  const wanted = source.microsoft?.sourceCrm ?? null;
  if (options === null || wanted === false) return null;
  if (wanted === null) return options.find((option) => hasLabel(option, source.connector.displayName))?.value ?? null;
  const found = options.find((option) => (typeof wanted === 'number' ? option.value === wanted : hasLabel(option, wanted)));
  if (found !== undefined) return found.value;
  throw new AppError('source.microsoft_crm_unknown', {
    source: source.id,
    wanted,
    table: description.logicalName,
    known: describeOptions(options),
  });
};
