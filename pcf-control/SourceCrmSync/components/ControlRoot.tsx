import { SyncCard, type SyncCardProps, type SyncCardState, type SyncCardStrings } from '@crm-sync/ui';
import { type ITheme, ThemeProvider } from '@fluentui/react';
import * as React from 'react';
import type { ApiTransport, RecordAddress, SyncResult } from '../services/ApiTransport';
import { type ControlSettings, addressOf, configureTransport, tableOf } from '../services/configuration';
import { ErrorBoundary } from './ErrorBoundary';
import { useRecordSync } from './useRecordSync';

/** Everything the control shows and does, in plain values: the host stays in index.ts. */
export interface ControlRootProps {
  readonly settings: ControlSettings;
  readonly sourceKey: string;
  /** As the host happens to know it; empty for a row that is not saved, undefined when the host does not tell. */
  readonly rowId?: string;
  readonly isOffline: boolean;
  readonly theme: ITheme;
  readonly isRightToLeft: boolean;
  readonly strings: SyncCardStrings;
  readonly label?: string;
  readonly formatExact: (date: Date) => string;
  readonly onOpen: (url: string) => void;
  readonly onSynced: (result: SyncResult) => void;
}

type CardProps = Pick<SyncCardProps, 'strings' | 'label' | 'formatExact' | 'onOpen'>;

const nothing = (): void => undefined;

/** A card that has nothing to ask the API. */
const StillCard: React.FunctionComponent<{ readonly state: SyncCardState; readonly onRetry?: () => void; readonly card: CardProps }> = (
  props,
) => (
  <SyncCard
    {...props.card}
    state={props.state}
    onSync={nothing}
    onCancel={nothing}
    onDismiss={nothing}
    onRetry={props.onRetry ?? nothing}
  />
);

interface LiveCardProps {
  readonly transport: ApiTransport;
  readonly address: RecordAddress;
  readonly onSynced: (result: SyncResult) => void;
  readonly card: CardProps;
}

const LiveCard: React.FunctionComponent<LiveCardProps> = ({ transport, address, onSynced, card }) => {
  const { state, sync, cancel, dismiss, retry } = useRecordSync({ transport, address, onSynced });
  return <SyncCard {...card} state={state} onSync={sync} onCancel={cancel} onDismiss={dismiss} onRetry={retry} />;
};

/** Which face: what keeps us from asking the API, in the order in which it must be mended; else the live card. */
const Card: React.FunctionComponent<ControlRootProps> = ({ settings, sourceKey, rowId, isOffline, onSynced, ...card }) => {
  const { apiBaseUrl, authority, clientId, table: tableName } = settings;
  const configured = React.useMemo(
    () => configureTransport({ apiBaseUrl, authority, clientId, table: tableName }),
    [apiBaseUrl, authority, clientId, tableName],
  );
  const table = tableOf(tableName);
  const address = React.useMemo(() => table && addressOf(table, sourceKey, rowId), [table, sourceKey, rowId]);
  const { strings, label, formatExact, onOpen } = card;
  const cardProps: CardProps = { strings, label, formatExact, onOpen };

  if (!configured.transport) return <StillCard state={{ kind: 'notConfigured', gap: configured.gap }} card={cardProps} />;
  if (!table) return <StillCard state={{ kind: 'notConfigured', gap: 'table' }} card={cardProps} />;
  if (rowId === '' && sourceKey === '') return <StillCard state={{ kind: 'unsaved' }} card={cardProps} />;
  if (!address) return <StillCard state={{ kind: 'record', record: { state: 'notLinked' }, isSyncing: false }} card={cardProps} />;
  if (isOffline) return <StillCard state={{ kind: 'problem', problem: { kind: 'offline' } }} card={cardProps} />;
  return <LiveCard transport={configured.transport} address={address} onSynced={onSynced} card={cardProps} />;
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
