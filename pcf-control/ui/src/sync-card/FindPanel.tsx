import {
  DefaultButton,
  type IButton,
  type ITextField,
  IconButton,
  PrimaryButton,
  ProgressIndicator,
  TextField,
  css,
  getId,
} from '@fluentui/react';
import * as React from 'react';
import { DismissIcon } from '../icons';
import { fillText } from '../text';
import { useCard } from './CardContext';
import { Mark } from './Mark';
import { HelpNote, MessageText } from './Notes';
import { RecordLink } from './RecordLine';
import type { CardCandidate, CardFind } from './state';
import { findMessage, problemMessage } from './words';

export interface FindActions {
  readonly onStart: () => void;
  /** By these words; by what the row itself says when left out. */
  readonly onSearch: (words: string | undefined) => void;
  /** Asks for a yes; undefined goes back to the list. */
  readonly onChoose: (candidate: CardCandidate | undefined) => void;
  readonly onLink: (candidate: CardCandidate) => void;
  readonly onClose: () => void;
}

const Facts: React.FunctionComponent<{ readonly candidate: CardCandidate }> = ({ candidate }) => {
  const { styles } = useCard();
  const facts = [candidate.company, candidate.city, candidate.email].filter((fact): fact is string => fact !== undefined && fact !== '');
  return (
    <span className={styles.candidateFacts}>
      <bdi className={styles.title}>{candidate.name}</bdi>
      {facts.map((fact, index) => (
        <bdi key={index} className={styles.help}>
          {fact}
        </bdi>
      ))}
    </span>
  );
};

const Candidate: React.FunctionComponent<{ readonly candidate: CardCandidate; readonly onChoose: () => void }> = ({
  candidate,
  onChoose,
}) => {
  const { strings, styles } = useCard();
  return (
    <li className={styles.candidate}>
      <Mark name={candidate.sourceName} />
      <span className={styles.candidateText}>
        <Facts candidate={candidate} />
        <span className={styles.candidateFacts}>
          <bdi className={styles.help}>{candidate.sourceName}</bdi>
          <RecordLink url={candidate.url} source={candidate.sourceName} />
        </span>
      </span>
      {candidate.linkedRowId !== undefined ? (
        <span className={styles.help}>{strings.linkedElsewhere}</span>
      ) : (
        <DefaultButton onClick={onChoose}>
          {strings.link}
          <span className={styles.hidden}>{` ${candidate.name}, ${candidate.sourceName}`}</span>
        </DefaultButton>
      )}
    </li>
  );
};

interface ConfirmProps {
  readonly candidate: CardCandidate;
  readonly find: CardFind;
  readonly actions: FindActions;
}

/** The one question before a row's fields are overwritten. */
const Confirm: React.FunctionComponent<ConfirmProps> = ({ candidate, find, actions }) => {
  const { strings, styles } = useCard();
  const yes = React.useRef<IButton>(null);
  React.useEffect(() => yes.current?.focus(), []);
  const { name, sourceName: source } = candidate;
  const question = fillText(strings.linkQuestion, { name, source });
  return (
    <div role="group" aria-label={question}>
      <div className={styles.message}>
        <bdi className={styles.title}>{question}</bdi>
        <div className={styles.help}>{fillText(strings.linkHelp, { source })}</div>
      </div>
      <div className={styles.candidate}>
        <Facts candidate={candidate} />
      </div>
      {find.hasUnsavedEdits && <HelpNote text={strings.linkUnsavedHelp} />}
      <div className={styles.buttons}>
        <PrimaryButton
          text={find.isLinking ? strings.linking : strings.linkAndSync}
          onClick={find.isLinking ? undefined : () => actions.onLink(candidate)}
          disabled={find.isLinking}
          allowDisabledFocus
          componentRef={yes}
        />
        <DefaultButton text={find.isLinking ? strings.cancel : strings.back} onClick={() => actions.onChoose(undefined)} />
      </div>
    </div>
  );
};

/** What the API takes for words: one letter would find everybody. */
const shortestWords = 2;
const longestWords = 100;

const Search: React.FunctionComponent<{ readonly find: CardFind; readonly actions: FindActions }> = ({ find, actions }) => {
  const { strings, styles } = useCard();
  const [words, setWords] = React.useState('');
  const [id] = React.useState(() => getId('crm-sync-find'));
  const box = React.useRef<ITextField>(null);
  React.useEffect(() => box.current?.focus(), []);
  const given = words.trim();
  const isTooShort = given.length > 0 && given.length < shortestWords;
  const search = () => !isTooShort && actions.onSearch(given === '' ? undefined : given);
  const message = findMessage(find, strings);
  return (
    <>
      <div>
        <label className={css(styles.title, styles.searchLabel)} htmlFor={id}>
          {strings.findLabel}
        </label>
        <div className={styles.help} id={`${id}-hint`}>
          {strings.findHint}
        </div>
      </div>
      <div className={styles.searchLine}>
        <TextField
          id={id}
          className={styles.searchBox}
          aria-describedby={`${id}-hint`}
          value={words}
          maxLength={longestWords}
          autoComplete="off"
          componentRef={box}
          onChange={(_event, value = '') => setWords(value)}
          onKeyDown={(event) => {
            // Not a form of its own: a form inside the host's would be no valid page.
            if (event.key === 'Enter') search();
            if (event.key === 'Escape') actions.onClose();
          }}
        />
        <DefaultButton text={strings.search} onClick={search} disabled={isTooShort} allowDisabledFocus />
      </div>
      {find.isSearching && (
        <ProgressIndicator ariaLabel={strings.searching} description={strings.searching} styles={{ itemProgress: { paddingBlock: 4 } }} />
      )}
      {message && <MessageText message={message} />}
      {!find.isSearching && (find.candidates ?? []).length > 0 && (
        <ul className={styles.candidates}>
          {(find.candidates ?? []).map((candidate) => (
            <Candidate
              key={`${candidate.sourceId}\n${candidate.recordId}`}
              candidate={candidate}
              onChoose={() => actions.onChoose(candidate)}
            />
          ))}
        </ul>
      )}
    </>
  );
};

export interface FindPanelProps {
  readonly find: CardFind;
  readonly actions: FindActions;
}

/** Finds the record in the CRM that a row belongs to, and links it after a yes. */
export const FindPanel: React.FunctionComponent<FindPanelProps> = ({ find, actions }) => {
  const { strings, styles } = useCard();
  return (
    <div className={css(styles.note, styles.panel)} role="group" aria-label={strings.findTitle}>
      <div className={styles.noteLine}>
        <span className={styles.title}>{strings.findTitle}</span>
        <IconButton className={styles.smallButton} ariaLabel={strings.close} title={strings.close} onClick={actions.onClose}>
          <DismissIcon size={12} />
        </IconButton>
      </div>
      {find.chosen ? (
        <>
          {find.problem && <MessageText message={problemMessage(find.problem, strings)} />}
          <Confirm candidate={find.chosen} find={find} actions={actions} />
        </>
      ) : (
        <Search find={find} actions={actions} />
      )}
    </div>
  );
};
