import { Callout, DirectionalHint, IconButton, useTheme } from '@fluentui/react';
import * as React from 'react';
import { MoreIcon, SyncIcon } from '../icons';
import { useCard } from './CardContext';
import { Details, OtherRecords } from './Details';
import { Mark } from './Mark';
import { RecordNotes, type RecordNotesProps } from './RecordFace';
import { RecordLine } from './RecordLine';
import { StateWords, StatusLine, syncButtonState } from './StatusLine';
import { sourceName } from './words';

/** The callout is not inside the card, so it says once more how its texts run. */
const Rest: React.FunctionComponent<RecordNotesProps> = (props) => {
  const { strings, styles } = useCard();
  const { state, isReadOnly, onSync, onCancel } = props;
  return (
    <div className={styles.callout} lang={strings.languageTag} dir={useTheme().rtl ? 'rtl' : 'ltr'}>
      <RecordLine record={state.record} />
      <StatusLine state={state} isReadOnly={isReadOnly} hidesTimes hidesButton onSync={onSync} onCancel={onCancel} />
      <Details record={state.record} />
      <RecordNotes {...props} />
      <OtherRecords records={state.record.otherRecords ?? []} />
    </div>
  );
};

/** A card too narrow for words: mark, dot and button; the rest in a callout, which opens by itself when there is news. */
export const NarrowFace: React.FunctionComponent<RecordNotesProps> = (props) => {
  const { state, isReadOnly, onSync } = props;
  const { strings, styles } = useCard();
  const [isOpen, setOpen] = React.useState(false);
  const line = React.useRef<HTMLDivElement>(null);
  const hasNews = state.outcome !== undefined || state.problem !== undefined || state.overwrites !== undefined;
  React.useEffect(() => setOpen(hasNews), [hasNews]);

  const name = sourceName(state.record, strings);
  const { text, isPrimary } = syncButtonState(state, strings);
  const words = state.isSyncing ? strings.syncing : text;
  return (
    <div className={styles.narrowLine} ref={line}>
      <Mark mark={state.record.mark} name={name} />
      <bdi className={styles.hidden}>{name}</bdi>
      <span className={styles.narrowState}>
        <StateWords state={state} />
      </span>
      <span className={styles.narrowButtons}>
        {!isReadOnly && (
          <IconButton
            className={isPrimary && !state.isSyncing ? styles.primaryIcon : undefined}
            ariaLabel={words}
            title={words}
            disabled={state.isSyncing}
            allowDisabledFocus
            onClick={state.isSyncing ? undefined : onSync}
          >
            <SyncIcon />
          </IconButton>
        )}
        <IconButton
          ariaLabel={strings.more}
          title={strings.more}
          aria-expanded={isOpen}
          aria-haspopup="dialog"
          onClick={() => setOpen(!isOpen)}
        >
          <MoreIcon />
        </IconButton>
      </span>
      {isOpen && (
        <Callout
          target={line}
          role="dialog"
          ariaLabel={strings.more}
          directionalHint={DirectionalHint.bottomLeftEdge}
          isBeakVisible={false}
          calloutMaxWidth={360}
          // Opened by a person: the keyboard follows. Opened by news: it stays where it was.
          setInitialFocus={!hasNews}
          onDismiss={() => setOpen(false)}
        >
          <Rest {...props} />
        </Callout>
      )}
    </div>
  );
};
