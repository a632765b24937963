import type { SetupService } from '../contract/services.ts';
import type { SetupBody, SetupFindingBody } from '../contract/setup.ts';
import type { Dataverse } from '../dataverse/types.ts';
import type { SetupFinding, SetupReport } from '../dataverse/setup/types.ts';

const toFindingBody = ({ component, table, name, problem, remedy, found, expected }: SetupFinding): SetupFindingBody => ({
  component,
  ...(table === null ? {} : { table }),
  name,
  problem,
  remedy,
  ...(found === null ? {} : { found }),
  expected,
});

const toBody = ({ isReady, isSolutionInstalled, changes, findings }: SetupReport): SetupBody => ({
  isReady,
  isSolutionInstalled,
  changes: changes.map(toFindingBody),
  findings: findings.map(toFindingBody),
});

/** What of ours the environment has, and to bring it there. Waiting for a key's index is the caller's, who can be shown how it goes. */
export const createSetupService = (dataverse: Pick<Dataverse, 'setUp'>): SetupService => ({
  inspect: async (signal) => toBody(await dataverse.setUp({ isDryRun: true, signal })),
  apply: async (signal) => toBody(await dataverse.setUp({ isDryRun: false, signal })),
});
