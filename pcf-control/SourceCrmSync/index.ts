import type { SyncCardStrings } from '@crm-sync/ui';
import type { ITheme } from '@fluentui/react';
import * as React from 'react';
import { ControlRoot, type ControlRootProps } from './components/ControlRoot';
import type { IInputs, IOutputs } from './generated/ManifestTypes';
import type { SyncResult } from './services/ApiTransport';
import { type HostContext, copyText, exactDate, hostRow, isOffline, isTouchHost, mayWriteTable } from './services/HostContext';
import { readCardStrings } from './services/cardStrings';
import { apiUrlVariable, readEnvironmentVariable } from './services/environmentVariable';
import { askForUnsavedColumns, tellSyncCompleted } from './services/formEvents';
import { hostConnection } from './services/hostConnection';
import { hostTheme } from './services/hostTheme';
import { knownRecord } from './services/knownRecord';
import { type OwnColumns, readOwnColumns } from './services/ownColumns';

const textOf = (property: { readonly raw: string | null } | undefined): string => property?.raw?.trim() ?? '';

/** The thin adapter between the host (Power Apps) and our components: it only translates what the host says into plain props. */
export class SourceCrmSync implements ComponentFramework.ReactControl<IInputs, IOutputs> {
  private context: HostContext;
  private strings: SyncCardStrings;
  private theme: ITheme;
  private themeIsFor: unknown;

  init(context: HostContext): void {
    this.context = context;
    this.strings = readCardStrings(context.resources);
  }

  updateView(context: HostContext): React.ReactElement {
    this.context = context;
    // On a form, but not shown: nobody would read what we asked for.
    if (!context.mode.isVisible) return React.createElement(React.Fragment);
    return React.createElement(ControlRoot, this.propsOf(context));
  }

  /** Nothing: the API writes the row, and a control that reports a value makes the form dirty. */
  getOutputs(): IOutputs {
    return {};
  }

  /** The host unmounts the element; its effects abort what is under way. */
  destroy(): void {
    this.themeIsFor = undefined;
  }

  private propsOf(context: HostContext): ControlRootProps {
    const { parameters, mode, userSettings } = context;
    const { table, rowId } = hostRow(context);
    const sourceKey = textOf(parameters.sourceKey);
    const tableName = textOf(parameters.table) || (table ?? '');
    return {
      settings: {
        transport: parameters.transport?.raw === 'dataverse' ? 'dataverse' : 'direct',
        apiBaseUrl: textOf(parameters.apiBaseUrl),
        authority: textOf(parameters.authority),
        clientId: textOf(parameters.clientId),
        table: tableName,
      },
      sourceKey,
      known: knownRecord({
        sourceKey,
        sourceCrm: textOf(parameters.sourceCrm),
        recordId: textOf(parameters.recordId),
        lastSyncedOn: parameters.lastSyncedOn?.raw ?? null,
        sourceModifiedOn: parameters.sourceModifiedOn?.raw ?? null,
      }),
      rowId,
      isOffline: isOffline(context),
      // Neither a locked form nor a person without the right must change the row through us, although we would do so elsewhere than on the form.
      isReadOnly: mode.isControlDisabled || !mayWriteTable(context, tableName),
      isTouch: isTouchHost(context),
      layout: parameters.layout?.raw === 'full' ? 'full' : 'compact',
      theme: this.themeOf(context),
      isRightToLeft: userSettings.isRTL,
      strings: this.strings,
      label: mode.label,
      formatExact: this.formatExact,
      onOpen: this.open,
      onCopy: copyText,
      host: this.host,
      readApiBaseUrl: this.readApiBaseUrl,
      readOwnColumns: this.readOwnColumns,
      unsavedColumns: this.unsavedColumns,
      onSynced: this.announceSync,
    };
  }

  /** The same theme object until the host's changes: styles are merged anew for each. */
  private themeOf({ fluentDesignLanguage, userSettings }: HostContext): ITheme {
    const tokenTheme: unknown = fluentDesignLanguage?.tokenTheme;
    if (!this.theme || this.themeIsFor !== tokenTheme) {
      this.theme = hostTheme({ tokenTheme, isDark: fluentDesignLanguage?.isDarkTheme ?? false, isRightToLeft: userSettings.isRTL });
      this.themeIsFor = tokenTheme;
    }
    return this.theme;
  }

  private readonly host = hostConnection(() => this.context);

  private readonly formatExact = (date: Date): string => exactDate(this.context, date);

  private readonly open = (url: string): void => this.context.navigation.openUrl(url);

  private readonly readApiBaseUrl = (): Promise<string> => readEnvironmentVariable(this.context.webAPI, apiUrlVariable);

  private readonly readOwnColumns = (row: { readonly table: string; readonly rowId: string }): Promise<OwnColumns> =>
    readOwnColumns(this.context.webAPI, row);

  private readonly unsavedColumns = (): readonly string[] => askForUnsavedColumns(this.context.events);

  private readonly announceSync = ({ outcome, changes }: SyncResult): void =>
    tellSyncCompleted(this.context.events, { outcome, changedColumns: changes.map(({ column }) => column) });
}
