import { type KnownRecord, SyncCard, type SyncCardProps, type SyncCardState, type SyncCardStrings } from '@crm-sync/ui';
import { type ITheme, ThemeProvider } from '@fluentui/react';
import * as React from 'react';
import type { SyncResult } from '../services/ApiTransport';
import { type ControlSettings, addressOf, configureTransport, tableOf } from '../services/configuration';
import type { HostConnection } from '../services/hostConnection';
import type { OwnColumns } from '../services/ownColumns';
import { ErrorBoundary } from './ErrorBoundary';
import { useApiBaseUrl } from './useApiBaseUrl';
import { type RecordSyncOptions, useRecordSync } from './useRecordSync';

/** Everything the control shows and does, in plain values: the host stays in index.ts. */
export interface ControlRootProps {
  readonly settings: ControlSettings;
  readonly sourceKey: string;
  /** What the form's columns say of the record, to be shown until the API answers. */
  readonly known?: KnownRecord;
  /** As the host happens to know it; empty for a row that is not saved, undefined when the host does not tell. */
  readonly rowId?: string;
  readonly isOffline: boolean;
  readonly isReadOnly: boolean;
  readonly isTouch: boolean;
  readonly layout: 'compact' | 'full';
  readonly theme: ITheme;
  readonly isRightToLeft: boolean;
  readonly strings: SyncCardStrings;
  readonly label?: string;
  readonly formatExact: (date: Date) => string;
  readonly onOpen: (url: string) => void;
  readonly onCopy?: (text: string) => Promise<void>;
  /** Where the environment says the API is. */
  readonly readApiBaseUrl?: () => Promise<string>;
  readonly readOwnColumns?: (row: { readonly table: string; readonly rowId: string }) => Promise<OwnColumns>;
  /** The same object as long as the control lives: with another one the transport would be another, too. */
  readonly host: HostConnection;
  readonly unsavedColumns: () => readonly string[];
  readonly onSynced: (result: SyncResult) => void;
}

type CardProps = Pick<SyncCardProps, 'strings' | 'label' | 'layout' | 'isReadOnly' | 'isTouch' | 'formatExact' | 'onOpen' | 'onCopy'>;

const nothing = (): void => undefined;

/** A card that has nothing to ask the API. */
const StillCard: React.FunctionComponent<{ readonly state: SyncCardState; readonly onRetry?: () => void; readonly card: CardProps }> = (
  props,
) => (
  <SyncCard
    {...props.card}
    state={props.state}
    onSync={nothing}
    onSyncAnyway={nothing}
    onCancel={nothing}
    onDismiss={nothing}
    onRetry={props.onRetry ?? nothing}
  />
);

interface LiveCardProps extends RecordSyncOptions {
  readonly known: KnownRecord | undefined;
  readonly card: CardProps;
}

const LiveCard: React.FunctionComponent<LiveCardProps> = ({ known, card, ...options }) => {
  const { state, sync, syncAnyway, cancel, dismiss, retry, signIn, finding } = useRecordSync(options);
  // A link is asked for by the row's id: what is named by a key is linked already.
  const canLink = 'rowId' in options.row.address;
  return (
    <SyncCard
      {...card}
      state={state.kind === 'loading' ? { ...state, record: known } : state}
      onSync={sync}
      onSyncAnyway={syncAnyway}
      onCancel={cancel}
      onDismiss={dismiss}
      onRetry={retry}
      onSignIn={signIn}
      finding={canLink ? finding : undefined}
    />
  );
};

/** Which face: what keeps us from asking the API, in the order in which it must be mended; else the live card. */
const Card: React.FunctionComponent<ControlRootProps> = (props) => {
  const { settings, sourceKey, known, rowId, isOffline, host, readApiBaseUrl, readOwnColumns, unsavedColumns, onSynced } = props;
  const { transport: way, authority, clientId, table: tableName } = settings;
  const apiBaseUrl = useApiBaseUrl(settings.apiBaseUrl, way === 'direct' ? readApiBaseUrl : undefined);
  const configured = React.useMemo(
    () => configureTransport({ transport: way, apiBaseUrl: apiBaseUrl ?? '', authority, clientId, table: tableName }, host),
    [way, apiBaseUrl, authority, clientId, tableName, host],
  );
  const table = tableOf(tableName);
  const address = React.useMemo(() => table && addressOf(table, sourceKey, rowId), [table, sourceKey, rowId]);
  const { strings, label, layout, isReadOnly, isTouch, formatExact, onOpen, onCopy } = props;
  const card: CardProps = { strings, label, layout, isReadOnly, isTouch, formatExact, onOpen, onCopy };
  const still = (state: SyncCardState) => <StillCard state={state} card={card} />;

  if (apiBaseUrl === undefined) return still({ kind: 'loading', record: known });
  if (!configured.transport) return still({ kind: 'notConfigured', gap: configured.gap });
  if (!table) return still({ kind: 'notConfigured', gap: 'table' });
  if (rowId === '' && sourceKey === '') return still({ kind: 'unsaved' });
  if (!address) return still({ kind: 'record', record: { state: 'notLinked' }, isSyncing: false });
  if (isOffline) return still({ kind: 'problem', problem: { kind: 'offline' } });
  return (
    <LiveCard
      transport={configured.transport}
      row={{ address, rowId: rowId || undefined }}
      unsavedColumns={unsavedColumns}
      readOwnColumns={readOwnColumns && rowId ? () => readOwnColumns({ table, rowId }) : undefined}
      onSynced={onSynced}
      known={known}
      card={card}
    />
  );
};

export const ControlRoot: React.FunctionComponent<ControlRootProps> = (props) => (
  <ThemeProvider theme={props.theme} applyTo="none" dir={props.isRightToLeft ? 'rtl' : 'ltr'} style={{ width: '100%' }}>
    <ErrorBoundary
      fallback={(reset) => (
        <StillCard
          state={{ kind: 'problem', problem: { kind: 'unexpected' } }}
          onRetry={reset}
          card={{ strings: props.strings, label: props.label }}
        />
      )}
    >
      <Card {...props} />
    </ErrorBoundary>
  </ThemeProvider>
);
