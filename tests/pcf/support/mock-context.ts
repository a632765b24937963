import { jest } from '@jest/globals';
import type { HostContext } from '../../../pcf-control/SourceCrmSync/services/HostContext';
import { readResx } from '../../ui/support/strings';

export interface MockHost {
  readonly sourceKey?: string | null;
  readonly sourceCrm?: string;
  readonly recordId?: string;
  readonly lastSyncedOn?: Date;
  readonly apiBaseUrl?: string | null;
  readonly authority?: string | null;
  readonly table?: string | null;
  readonly layout?: 'compact' | 'full';
  readonly transport?: 'direct' | 'dataverse';
  readonly isDisabled?: boolean;
  /** Of the person, on the form's table; undefined: the host tells nothing of the kind. */
  readonly mayWrite?: boolean;
  readonly isVisible?: boolean;
  /** 1 computer, 2 tablet, 3 phone. */
  readonly formFactor?: number;
  readonly webAPI?: Partial<Pick<ComponentFramework.WebApi, 'retrieveRecord' | 'retrieveMultipleRecords'>>;
  readonly contextInfo?: { readonly entityTypeName?: string; readonly entityId?: string };
  readonly isOffline?: boolean;
  readonly isRTL?: boolean;
  readonly languageId?: string;
  readonly events?: Readonly<Record<string, (parameters?: unknown) => void>>;
  readonly fluentDesignLanguage?: object;
  readonly formatDateShort?: (date: Date, includeTime?: boolean) => string;
}

/** Only the seam to the platform is untyped: nobody can build its whole context by hand. */
const asContext = (context: object): HostContext => context as HostContext;

/** A host as the platform's typings and documents describe it, in the condition that a test asks for. */
export const mockContext = (host: MockHost = {}) => {
  const resx = readResx(host.languageId ?? '1033');
  const openUrl = jest.fn<(url: string) => void>();
  const property = (raw: string | Date | null | undefined) => ({
    raw: raw ?? null,
    type: 'SingleLine.Text',
    error: false,
    errorMessage: '',
  });
  const context = asContext({
    parameters: {
      sourceKey: property(host.sourceKey),
      sourceCrm: property(host.sourceCrm),
      recordId: property(host.recordId),
      lastSyncedOn: property(host.lastSyncedOn),
      apiBaseUrl: property(host.apiBaseUrl),
      authority: property(host.authority),
      clientId: property(undefined),
      table: property(host.table),
      layout: property(host.layout ?? 'compact'),
      transport: property(host.transport ?? 'direct'),
    },
    mode: {
      label: '',
      isVisible: host.isVisible ?? true,
      isControlDisabled: host.isDisabled ?? false,
      allocatedWidth: -1,
      allocatedHeight: -1,
      contextInfo: host.contextInfo,
    },
    ...(host.mayWrite === undefined ? {} : { utils: { hasEntityPrivilege: () => host.mayWrite } }),
    userSettings: { isRTL: host.isRTL ?? false, languageId: Number(host.languageId ?? 1033), userName: 'Alex Agent' },
    resources: { getString: (key: string) => resx.get(key) ?? '' },
    client: { isOffline: () => host.isOffline ?? false, isNetworkAvailable: () => true, getFormFactor: () => host.formFactor ?? 1 },
    formatting: { formatDateShort: host.formatDateShort ?? ((date: Date) => date.toISOString()) },
    navigation: { openUrl },
    // As a host that is asked for what it has not: every call fails.
    webAPI: {
      retrieveRecord: () => Promise.reject(new Error('not there')),
      retrieveMultipleRecords: () => Promise.reject(new Error('not there')),
      ...host.webAPI,
    },
    events: host.events,
    fluentDesignLanguage: host.fluentDesignLanguage,
    updatedProperties: [],
  });
  return { context, openUrl };
};
