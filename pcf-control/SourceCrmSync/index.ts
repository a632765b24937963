import type { SyncCardStrings } from '@crm-sync/ui';
import type { ITheme } from '@fluentui/react';
import * as React from 'react';
import { eventNames } from './ManifestConstants';
import { ControlRoot, type ControlRootProps } from './components/ControlRoot';
import type { IInputs, IOutputs } from './generated/ManifestTypes';
import type { SyncResult } from './services/ApiTransport';
import { type HostContext, exactDate, hostRow, isOffline } from './services/HostContext';
import { readCardStrings } from './services/cardStrings';
import { hostTheme } from './services/hostTheme';

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
    return {
      settings: {
        apiBaseUrl: textOf(parameters.apiBaseUrl),
        authority: textOf(parameters.authority),
        clientId: textOf(parameters.clientId),
        table: textOf(parameters.table) || (table ?? ''),
      },
      sourceKey: textOf(parameters.sourceKey),
      rowId,
      isOffline: isOffline(context),
      theme: this.themeOf(context),
      isRightToLeft: userSettings.isRTL,
      strings: this.strings,
      label: mode.label,
      formatExact: this.formatExact,
      onOpen: this.open,
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

  private readonly formatExact = (date: Date): string => exactDate(this.context, date);

  private readonly open = (url: string): void => this.context.navigation.openUrl(url);

  /** Lets a form script refresh the form. Events are a preview feature: a host without them is served all the same. */
  private readonly announceSync = ({ outcome, changes }: SyncResult): void => {
    const events: HostContext['events'] | undefined = this.context.events;
    events?.[eventNames.onSyncCompleted]?.({ outcome, changedColumns: changes.map(({ column }) => column) });
  };
}
