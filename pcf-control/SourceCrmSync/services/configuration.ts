import { createRecordClient } from '@crm-sync/client';
import { type ConfigurationGap, safeHttpUrl } from '@crm-sync/ui';
import type { ApiTransport, RecordAddress } from './ApiTransport';
import { createMsalTokenProvider, isEntraAuthority } from './MsalTokenProvider';
import { createDirectTransport } from './directTransport';
import { createSandboxTokenProvider, isSandboxAuthority } from './SandboxTokenProvider';
import type { TokenProvider } from './TokenProvider';
import { createDataverseTransport } from './dataverseTransport';
import type { HostConnection } from './hostConnection';

/** The control's properties as the maker filled them in, and what the host knows. */
export interface ControlSettings {
  readonly transport: 'direct' | 'dataverse';
  /** Empty: the environment variable says it. */
  readonly apiBaseUrl: string;
  readonly authority: string;
  /** Application id that a sign-in with Entra ID uses; the sandbox's own sign-in needs none. */
  readonly clientId: string;
  readonly table: string;
}

/** The way to the API, or which property is missing or unusable. */
export type ConfiguredTransport =
  | { readonly transport: ApiTransport; readonly gap?: undefined }
  | { readonly transport?: undefined; readonly gap: ConfigurationGap };

/** Below the form's own address, as Dataverse serves what is listed in the control's manifest; a sign-in window must come back to that origin. */
const blankPage = '/webresources/ccsync_CrmSync.SourceCrmSync/auth/blank.html';

/** The API knows what its tokens are for, and tells everybody. */
const readScope = async (apiBaseUrl: string): Promise<string> => {
  const anonymous = createRecordClient({ baseUrl: apiBaseUrl, getToken: () => Promise.resolve(undefined) });
  return (await anonymous.clientConfiguration()).signIn.scope;
};

const tokenProviderFor = (
  { authority, clientId }: ControlSettings,
  { apiBaseUrl, host }: { readonly apiBaseUrl: string; readonly host: HostConnection },
): TokenProvider | undefined => {
  if (isSandboxAuthority(authority)) return createSandboxTokenProvider({ authority });
  if (!isEntraAuthority(authority) || clientId === '') return undefined;
  return createMsalTokenProvider({
    authority,
    clientId,
    scope: () => readScope(apiBaseUrl),
    loginHint: host.readLoginHint,
    redirectUri: `${window.location.origin}${blankPage}`,
  });
};

export const configureTransport = (settings: ControlSettings, host: HostConnection): ConfiguredTransport => {
  if (settings.transport === 'dataverse') return { transport: createDataverseTransport({ webApi: host.webApi }) };
  const apiBaseUrl = safeHttpUrl(settings.apiBaseUrl)?.replace(/\/+$/, '');
  if (!apiBaseUrl) return { gap: 'apiAddress' };
  const tokens = tokenProviderFor(settings, { apiBaseUrl, host });
  if (!tokens) return { gap: 'signIn' };
  return { transport: createDirectTransport({ apiBaseUrl, tokens }) };
};

export const tableOf = (name: string): RecordAddress['table'] | undefined => (name === 'account' || name === 'contact' ? name : undefined);

/** How to name the row to the API: by our key where the row has one, else by its id. Undefined for a row that has neither yet. */
export const addressOf = (table: RecordAddress['table'], sourceKey: string, rowId: string | undefined): RecordAddress | undefined => {
  if (sourceKey !== '') return { table, sourceKey };
  return rowId ? { table, rowId } : undefined;
};
