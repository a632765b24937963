import type { Dataverse } from '../dataverse/types.ts';

/**
 * Dataverse for whoever works on by himself: what is asked before a row is written (what a table is like, who owns its rows) is tried as
 * long as the rows are. A person who clicks is told after seconds; a run must not end because of that.
 */
export const patientDataverse = (dataverse: Dataverse): Dataverse => ({
  ...dataverse,
  whoAmI: (signal, patience = 'bulk') => dataverse.whoAmI(signal, patience),
  describeTable: (table, signal, patience = 'bulk') => dataverse.describeTable(table, signal, patience),
  describeTargetTable: (table, signal, patience = 'bulk') => dataverse.describeTargetTable(table, signal, patience),
  findTeam: (nameOrId, signal, patience = 'bulk') => dataverse.findTeam(nameOrId, signal, patience),
});
