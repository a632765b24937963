import type { ReadRowOptions } from '../types.ts';

/**
 * Reads with a person's rights as well as ours (Dataverse grants what both may do), and with the texts for people when asked.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/impersonate-another-user-web-api
 */
export const readHeaders = ({
  asUser,
  withFormattedValues,
}: Pick<ReadRowOptions, 'asUser' | 'withFormattedValues'>): Readonly<Record<string, string>> => ({
  ...(asUser === undefined ? {} : { CallerObjectId: asUser }),
  ...(withFormattedValues === true ? { Prefer: 'odata.include-annotations="OData.Community.Display.V1.FormattedValue"' } : {}),
});
