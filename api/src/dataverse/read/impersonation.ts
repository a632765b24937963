import { type ReadRowOptions } from '../types.ts';

/**
 * Reads with a person's rights as well as ours: Dataverse grants what both may do.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/impersonate-another-user-web-api
 */
export const impersonation = ({ asUser }: Pick<ReadRowOptions, 'asUser'>): Readonly<Record<string, string>> =>
  asUser === undefined ? {} : { CallerObjectId: asUser };
