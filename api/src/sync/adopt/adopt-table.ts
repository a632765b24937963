import type { AdoptionTableBody, DuplicatesPolicy } from '../../contract/adoption.ts';
import type { LogicSwitches, RowToUpdate, RowUpdateOutcome } from '../../dataverse/types.ts';
import { inactiveColumnsJson, sourceCrmColumn, sourceKeyColumn, sourceRecordIdColumn, sourceUrlColumn } from '../columns.ts';
import { type Judgement, judgePage, keysToLookUp, noCarry } from './judge-rows.ts';
import { listMicrosoftRows, type MicrosoftRow, type RowsToList } from './list-rows.ts';
import { type AdoptionTally, createTally } from './tally.ts';

export interface TableToAdopt extends Omit<RowsToList, 'isWithoutKey'> {
  readonly sourceName: string;
  /** As the source's other writes. */
  readonly switches: LogicSwitches;
  readonly isDryRun: boolean;
  readonly duplicates: DuplicatesPolicy;
  /** After each page, when it is written. */
  readonly onPage: (soFar: AdoptionTableBody) => void;
}

/** A key that another row got between our look and the write: Dataverse keeps it unique. */
const keyTakenCodes = new Set(['0x80060892', '0x80040237']);

const webAddress = (url: string | null, longest: number): string | null =>
  url !== null && url.length <= longest && /^https?:\/\//i.test(url) && URL.canParse(url) ? url : null;

/** What the sync finds the row by, and what an agent sees of it until the first sync has written the rest. */
const stamp = ({ sourceName, description }: TableToAdopt, { rowId, sourceKey, recordId, url }: MicrosoftRow): RowToUpdate => {
  const link = webAddress(url, description.columns.get(sourceUrlColumn)?.maxLength ?? 0);
  const columns = {
    [sourceKeyColumn]: sourceKey,
    [sourceCrmColumn]: sourceName,
    [sourceRecordIdColumn]: recordId,
    ...(link === null ? {} : { [sourceUrlColumn]: link }),
  };
  return { rowId, columnsJson: JSON.stringify(columns).slice(1, -1) };
};

const update = async (
  { dataverse, description, switches, signal }: TableToAdopt,
  rows: readonly RowToUpdate[],
): Promise<readonly RowUpdateOutcome[]> =>
  rows.length === 0 ? [] : dataverse.updateById(description, rows, { ...switches, lane: 'bulk', signal });

const stampRows = async (table: TableToAdopt, rows: readonly MicrosoftRow[], tally: AdoptionTally): Promise<void> => {
  if (table.isDryRun) {
    for (const { rowId } of rows) tally.count('adopted', rowId);
    return;
  }
  const outcomes = await update(
    table,
    rows.map((row) => stamp(table, row)),
  );
  rows.forEach(({ rowId }, index) => {
    const outcome = outcomes[index];
    if (outcome === undefined) throw new Error(`the writer gave ${outcomes.length} outcomes for ${rows.length} rows`);
    if (outcome.status === 'written') tally.count('adopted', rowId);
    else if (outcome.status === 'missing') tally.fail(rowId, 'record.not_found', 'The row was deleted meanwhile');
    else if (keyTakenCodes.has(outcome.code)) tally.count('taken', rowId);
    else tally.fail(rowId, outcome.code, outcome.reason);
  });
};

const settleDoubled = async (table: TableToAdopt, rows: readonly MicrosoftRow[], tally: AdoptionTally): Promise<void> => {
  const isToDeactivate = table.duplicates === 'deactivate' && !table.isDryRun;
  const active = rows.filter(({ isActive }) => isActive);
  const outcomes = isToDeactivate
    ? await update(
        table,
        active.map(({ rowId }) => ({ rowId, columnsJson: inactiveColumnsJson })),
      )
    : [];
  const settledIds = new Set(active.filter((_, index) => outcomes[index]?.status === 'written').map(({ rowId }) => rowId));
  for (const { rowId, isActive } of rows) {
    tally.count('doubled', rowId);
    if (!isActive || settledIds.has(rowId)) tally.countInactiveDouble();
  }
  outcomes.forEach((outcome, index) => {
    const rowId = active[index]?.rowId;
    if (outcome.status === 'failed' && rowId !== undefined) tally.noteFailure(rowId, outcome.code, outcome.reason);
  });
};

/**
 * Gives our key to the rows that Microsoft's flows made, page by page. No row is made. What a page comes to is in Dataverse before the
 * next is asked for, and a second pass finds it there: safe to repeat, and to be stopped at any point.
 */
export const adoptTable = async (table: TableToAdopt): Promise<AdoptionTableBody> => {
  const tally = createTally(table.description.logicalName);
  let carry = noCarry;
  for await (const page of listMicrosoftRows({ ...table, isWithoutKey: false })) {
    const keys = keysToLookUp(page);
    const { description, dataverse, signal } = table;
    const holders = await dataverse.readRowsByKey(description, keys, { select: [sourceKeyColumn], signal });
    const judged = judgePage(page, new Set(holders.keys()), carry);
    carry = judged.carry;
    const byId = new Map(page.map((row) => [row.rowId, row]));
    const rowsOf = (verdict: Judgement['verdict']): readonly MicrosoftRow[] =>
      judged.judgements.flatMap(({ row, verdict: given }) => {
        const found = given === verdict ? byId.get(row.rowId) : undefined;
        return found === undefined ? [] : [found];
      });
    for (const { row, verdict } of judged.judgements) {
      if (verdict !== 'adopt' && verdict !== 'doubled') tally.count(verdict, row.rowId);
    }
    // First the one that stays, then the others: stopped in between, the next pass finds the same order.
    await stampRows(table, rowsOf('adopt'), tally);
    await settleDoubled(table, rowsOf('doubled'), tally);
    table.onPage(tally.soFar());
  }
  return tally.soFar();
};
