import type { CardRecord } from '@crm-sync/ui';

/** The columns that our solution adds to account and contact, as far as the card shows them. */
const columns = {
  recordId: 'ccsync_sourcecrmid',
  url: 'ccsync_sourcecrmurl',
  sourceModifiedOn: 'ccsync_sourcemodifiedon',
  syncedOn: 'ccsync_lastsyncedon',
} as const;

export type OwnColumns = Pick<CardRecord, keyof typeof columns>;

/**
 * What the row itself says of its record, read with the agent's own rights. After a sync the form still holds the old values until it is
 * refreshed; the card does not wait for that. Columns that are empty, or that the agent may not read, are left out.
 */
export const readOwnColumns = async (
  webApi: Pick<ComponentFramework.WebApi, 'retrieveRecord'>,
  row: { readonly table: string; readonly rowId: string },
): Promise<OwnColumns> => {
  const answer: unknown = await webApi.retrieveRecord(row.table, row.rowId, `?$select=${Object.values(columns).join(',')}`);
  const valueOf = (column: string): string | undefined => {
    const value: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, column) : undefined;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const entries = Object.entries(columns).map(([name, column]) => [name, valueOf(column)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
};
