import type { AdoptionBody, AdoptionTableBody } from '../../contract/adoption.ts';
import type { AdoptionService } from '../../contract/services.ts';
import type { TableName } from '../../crm/types.ts';
import type { Dataverse, TableDescription } from '../../dataverse/types.ts';
import { AppError } from '../../errors/app-error.ts';
import { describeOptions, microsoftChoiceOf, microsoftOptions } from '../microsoft/choice.ts';
import { microsoftCrmColumn, microsoftIdColumn } from '../microsoft/columns.ts';
import type { Sources } from '../sources.ts';
import type { Source } from '../types.ts';
import { adoptTable } from './adopt-table.ts';

export interface AdoptionServiceDependencies {
  readonly dataverse: Dataverse;
  readonly sources: Sources;
}

/** The choice that the source's rows bear; refuses when that cannot be known for certain, as a wrong key is worse than none. */
const requireChoice = (source: Source, description: TableDescription, all: readonly Source[]): number => {
  const lacking = [microsoftCrmColumn, microsoftIdColumn].filter((name) => !description.columns.has(name));
  const options = microsoftOptions(description);
  if (lacking.length > 0 || options === null) {
    const columns = lacking.length > 0 ? lacking.join(' and ') : `choice ${microsoftCrmColumn}`;
    throw new AppError('adoption.columns_missing', { table: description.logicalName, columns });
  }
  const choice = microsoftChoiceOf(source, description);
  if (choice === null) throw new AppError('adoption.choice_unset', { source: source.id, known: describeOptions(options) });
  const others = all.filter((other) => other.id !== source.id && microsoftChoiceOf(other, description) === choice);
  if (others.length > 0) {
    throw new AppError('adoption.ambiguous', { sources: [source, ...others].map(({ id }) => id).join(', ') });
  }
  return choice;
};

export const createAdoptionService = ({ dataverse, sources }: AdoptionServiceDependencies): AdoptionService => ({
  async adopt(sourceId, { tables, isDryRun = false, duplicates = 'report' }, { signal, onProgress }) {
    const source = sources.get(sourceId);
    const { owner: _owner, ...switches } = source.writing ?? {};
    const { connector } = source;
    const unknown = tables?.find((table) => !connector.tables.includes(table));
    if (unknown !== undefined) {
      throw new AppError('source.table_unknown', { source: sourceId, table: unknown, known: connector.tables.join(', ') });
    }
    const wanted = connector.tables.filter((table) => tables?.includes(table) ?? true);
    // All that may be refused is, before the first row is touched.
    const described: (readonly [TableName, TableDescription, number])[] = [];
    for (const table of wanted) {
      const description = await dataverse.describeTable(table, signal);
      described.push([table, description, requireChoice(source, description, sources.all())]);
    }
    const done: AdoptionTableBody[] = [];
    for (const [table, description, choice] of described) {
      const counts = await adoptTable({
        dataverse,
        description,
        sourceId,
        sourceName: source.name,
        switches,
        reader: connector.table(table),
        choice,
        isDryRun,
        duplicates,
        signal,
        onPage: (soFar) => onProgress?.(soFar),
      });
      done.push(counts);
    }
    return { sourceId, isDryRun, duplicates, tables: done } satisfies AdoptionBody;
  },
});
