import type { TableReader } from '../../crm/types.ts';
import type { VerifyPhase, VerifyPlace, VerifyStep, VerifyStore } from '../../store/verify/types.ts';
import { noCounts } from '../../sync/counts.ts';
import type { MicrosoftMark } from '../../sync/verify/list-rows.ts';
import type { RunTableContext } from '../run-table-context.ts';

/** What every phase of a verification needs. */
export interface VerifyContext extends RunTableContext {
  readonly verify: VerifyStore;
  readonly place: VerifyPlace;
  readonly turn: number;
  /** By the CRM's clock: up to when its changes are judged. Fixed when the table is begun. */
  readonly asOfMs: number;
  readonly microsoft: MicrosoftMark | null;
  /** Of the table that the records' parents are in; null when they have none. */
  readonly parents: TableReader | null;
}

/** A step of one phase; nothing but its items changes. */
export const stepOf = ({ place, turn }: VerifyContext, phase: VerifyPhase, more: Partial<VerifyStep>): VerifyStep => ({
  ...place,
  turn,
  items: [],
  isAfterRepair: false,
  phase,
  cursor: null,
  counts: noCounts,
  ...more,
});
