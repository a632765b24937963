import type { VerifyStatementBody, VerifyTableBody } from '../../contract/statement.ts';
import type { TableName } from '../../crm/types.ts';
import type { Dataverse } from '../../dataverse/types.ts';
import { productVersion } from '../../product-version.ts';
import type { Partition, Run, RunStore } from '../../store/runs/types.ts';
import type { Verdict, VerifyItem, VerifyStore } from '../../store/verify/types.ts';
import type { Clock, Source } from '../../sync/types.ts';
import { differences } from './count-items.ts';
import { digestSides, digestTables } from './digest-sides.ts';
import { tableStatement } from './table-statement.ts';

/** Enough to see a pattern, few enough to be read. */
const samplesPerClass = 20;

export interface ConcludeDependencies {
  readonly runs: Pick<RunStore, 'verify'>;
  readonly dataverse: Dataverse;
  readonly clock: Clock;
}

const samplesOf = async (verify: VerifyStore, runId: string, table: TableName): Promise<ReadonlyMap<Verdict, readonly VerifyItem[]>> => {
  const samples = new Map<Verdict, readonly VerifyItem[]>();
  for (const verdict of differences) samples.set(verdict, await verify.samples({ runId, table }, verdict, samplesPerClass));
  return samples;
};

const concludeTable = async (verify: VerifyStore, run: Run, partition: Partition, signal: AbortSignal): Promise<VerifyTableBody> => {
  const place = { runId: run.id, table: partition.table };
  const [tally, { unreadable }] = await Promise.all([verify.tally(place), verify.part(place)]);
  return tableStatement({
    table: partition.table,
    asOfMs: partition.windowToMs ?? 0,
    tally,
    unreadable,
    digests: await digestSides(verify, place, signal),
    samples: await samplesOf(verify, run.id, partition.table),
    areRemovalsWithheld: run.repairs === true,
  });
};

const hasDifference = ({ classes }: VerifyTableBody): boolean =>
  classes.some(({ isDifference, records, rows }) => isDifference && records + rows > 0);

const side = (tables: readonly VerifyTableBody[], of: 'crm' | 'dataverse'): VerifyStatementBody['crm'] => ({
  total: tables.reduce((total, table) => total + table[of].total, 0),
  digest: digestTables(tables.map((table) => ({ table: table.table, digest: table[of].digest }))),
});

/** Makes the statement and keeps it with the run. Made anew by a try that was interrupted: the items stay until the run is over. */
export const conclude = async (
  source: Source,
  run: Run,
  { runs: { verify }, dataverse, clock }: ConcludeDependencies,
  signal: AbortSignal,
): Promise<VerifyStatementBody> => {
  const tables: VerifyTableBody[] = [];
  for (const partition of run.partitions) tables.push(await concludeTable(verify, run, partition, signal));
  const { address, organizationId } = await dataverse.whoAmI(signal);
  const statement: VerifyStatementBody = {
    format: 'crm-sync/verify-1',
    product: { name: 'CRM Sync for Contact Center', version: productVersion },
    runId: run.id,
    requestedBy: run.requestedBy,
    source: { id: source.id, name: source.name, connector: source.connector.connectorId },
    environment: { address, organizationId },
    startedOn: new Date(run.startedOnMs ?? run.requestedOnMs).toISOString(),
    finishedOn: new Date(clock.nowMs()).toISOString(),
    repairs: run.repairs === true,
    agrees: !tables.some(hasDifference),
    crm: side(tables, 'crm'),
    dataverse: side(tables, 'dataverse'),
    tables,
  };
  await verify.saveStatement(run.id, statement);
  return statement;
};
