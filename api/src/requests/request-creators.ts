import type { Dataverse, DataverseRow } from '../dataverse/types.ts';

/** A bound for memory. */
const mostKnown = 2000;

/**
 * Who made a row: Dataverse itself writes `createdby`, and no column that a person can fill counts. null: somebody whom Entra ID does not
 * know, or whom we cannot see.
 */
export type FindCreator = (request: DataverseRow, signal: AbortSignal) => Promise<string | null>;

/** A user's object id in Entra ID stays what it is, so it is asked for once. */
export const createFindCreator = (dataverse: Pick<Dataverse, 'describeTargetTable' | 'readRow'>): FindCreator => {
  const known = new Map<string, string>();
  return async ({ _createdby_value: userId }, signal) => {
    if (typeof userId !== 'string') return null;
    const remembered = known.get(userId);
    if (remembered !== undefined) return remembered;
    const users = await dataverse.describeTargetTable('systemuser', signal);
    const user = await dataverse.readRow(users, { rowId: userId }, { select: ['azureactivedirectoryobjectid'], signal });
    const objectId = user?.azureactivedirectoryobjectid;
    if (typeof objectId !== 'string' || objectId === '') return null;
    if (known.size >= mostKnown) known.clear();
    known.set(userId, objectId.toLowerCase());
    return objectId.toLowerCase();
  };
};
