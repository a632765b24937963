import { type ConfigurationGap, safeHttpUrl } from '@crm-sync/ui';
import type { ApiTransport, RecordAddress } from './ApiTransport';
import { createDirectTransport } from './directTransport';
import { createSandboxTokenProvider, isSandboxAuthority } from './SandboxTokenProvider';
import type { TokenProvider } from './TokenProvider';

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

const tokenProviderFor = ({ authority }: ControlSettings): TokenProvider | undefined =>
  isSandboxAuthority(authority) ? createSandboxTokenProvider({ authority }) : undefined;

export const configureTransport = (settings: ControlSettings): ConfiguredTransport => {
  const apiBaseUrl = safeHttpUrl(settings.apiBaseUrl)?.replace(/\/+$/, '');
  if (!apiBaseUrl) return { gap: 'apiAddress' };
  const tokens = tokenProviderFor(settings);
  if (!tokens) return { gap: 'signIn' };
  return { transport: createDirectTransport({ apiBaseUrl, tokens }) };
};

export const tableOf = (name: string): RecordAddress['table'] | undefined => (name === 'account' || name === 'contact' ? name : undefined);

/** How to name the row to the API: by our key where the row has one, else by its id. Undefined for a row that has neither yet. */
export const addressOf = (table: RecordAddress['table'], sourceKey: string, rowId: string | undefined): RecordAddress | undefined => {
  if (sourceKey !== '') return { table, sourceKey };
  return rowId ? { table, rowId } : undefined;
};
