import type { IInputs } from '../generated/ManifestTypes';

export type HostContext = ComponentFramework.Context<IInputs>;

/** What the host tells about the row on the form, beyond the bound column. */
export interface HostRow {
  readonly table?: string;
  /** Lower case, without braces; empty for a row that has not been saved. */
  readonly rowId?: string;
}

const textIn = (holder: unknown, name: string): string | undefined => {
  if (typeof holder !== 'object' || holder === null) return undefined;
  const value: unknown = Reflect.get(holder, name);
  return typeof value === 'string' ? value : undefined;
};

/**
 * The row's table and id from `mode.contextInfo`, which model-driven hosts give but no document promises
 * (MicrosoftDocs/powerapps-docs#1475): a help where it exists, never needed.
 */
export const hostRow = (context: HostContext): HostRow => {
  const info: unknown = Reflect.get(context.mode, 'contextInfo');
  const rowId = textIn(info, 'entityId')?.replace(/[{}]/g, '').toLowerCase();
  return { table: textIn(info, 'entityTypeName'), rowId };
};

/** Without a network, asking is pointless and the browser's error would say nothing. */
export const isOffline = ({ client }: HostContext): boolean => client.isOffline() || !client.isNetworkAvailable();

/** Of Power Apps' PrivilegeType and PrivilegeDepth: to write, one's own rows at least. */
const write = 3;
const ownRows = 0;

/**
 * False where the host knows that this person may write no row of the table. A person who may write others of its rows is told by the form,
 * which is locked then; and whoever asks for a link is judged by Dataverse itself.
 */
export const mayWriteTable = ({ utils }: Pick<HostContext, 'utils'>, table: string): boolean => {
  if (table === '') return true;
  try {
    return utils.hasEntityPrivilege(table, write, ownRows);
  } catch {
    // A host that does not tell has not said no.
    return true;
  }
};

/** Dates as the host writes them for this person. */
export const exactDate = ({ formatting }: HostContext, date: Date): string => formatting.formatDateShort(date, true);

/** Fingers on a phone. */
export const isTouchHost = ({ client }: HostContext): boolean => client.getFormFactor() === 3;

/** The browser's clipboard, where the page may use it. */
export const copyText: ((text: string) => Promise<void>) | undefined =
  typeof navigator === 'undefined' || !navigator.clipboard ? undefined : (text) => navigator.clipboard.writeText(text);
