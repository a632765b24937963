import type { DecidedRemovals, Source, WaitingRemovals as Waiting } from '@crm-sync/client';
import {
  DefaultButton,
  Dialog,
  DialogFooter,
  DialogType,
  MessageBar,
  MessageBarButton,
  MessageBarType,
  PrimaryButton,
} from '@fluentui/react';
import * as React from 'react';
import { ProblemBar } from '../../components/ProblemBar.tsx';
import { formatCount } from '../../format/numbers.ts';
import { useAction } from '../../loading/useAction.ts';
import { useLoad } from '../../loading/useLoad.ts';
import { useApi } from '../../session/ApiContext.ts';
import { words } from '../../words/index.ts';

const refreshMs = 30_000;
const shownIds = 20;

interface DecisionProps {
  readonly sourceId: string;
  readonly waiting: Waiting;
  readonly onDone: () => void;
}

/** Asks before rows are taken away, and says which. */
const ApproveDialog: React.FunctionComponent<DecisionProps & { readonly onDismiss: () => void }> = (props) => {
  const { sourceId, waiting, onDone, onDismiss } = props;
  const { table, action, mark, recordIds } = waiting;
  const api = useApi();
  const approving = useAction<void, DecidedRemovals>(
    () => api.approveRemovals(sourceId, { table, atMost: waiting.waiting, mark }),
    () => {
      onDismiss();
      onDone();
    },
  );
  const count = formatCount(waiting.waiting);
  return (
    <Dialog
      hidden={false}
      minWidth={480}
      onDismiss={onDismiss}
      dialogContentProps={{
        type: DialogType.normal,
        title: words.removals.approveTitle(count, words.table[table]),
        subText: words.removals.approveText[action],
        closeButtonAriaLabel: words.close,
      }}
      modalProps={{ isBlocking: false }}
    >
      <p>{words.removals.ids}</p>
      <ul className="id-list">
        {recordIds.map((id) => (
          <li key={id}>{id}</li>
        ))}
      </ul>
      {waiting.waiting > recordIds.length && <p>{words.removals.more(formatCount(waiting.waiting - recordIds.length))}</p>}
      {approving.problem && <ProblemBar problem={approving.problem} />}
      <DialogFooter>
        <PrimaryButton
          text={approving.isUnderWay ? words.removals.approving : words.removals.approve(count)}
          disabled={approving.isUnderWay}
          onClick={() => approving.start()}
        />
        <DefaultButton text={words.removals.notNow} onClick={onDismiss} />
      </DialogFooter>
    </Dialog>
  );
};

const WaitingInTable: React.FunctionComponent<DecisionProps> = (props) => {
  const { sourceId, waiting, onDone } = props;
  const api = useApi();
  const [isAsking, setIsAsking] = React.useState(false);
  const keeping = useAction<void, DecidedRemovals>(() => api.dismissRemovals(sourceId, waiting.table), onDone);
  return (
    <>
      <MessageBar
        messageBarType={MessageBarType.severeWarning}
        isMultiline
        actions={
          <div>
            <MessageBarButton text={words.removals.look} onClick={() => setIsAsking(true)} />
            <MessageBarButton text={words.removals.keep} disabled={keeping.isUnderWay} onClick={() => keeping.start()} />
          </div>
        }
      >
        {words.removals.waiting(formatCount(waiting.waiting), formatCount(waiting.linked), words.table[waiting.table])}
      </MessageBar>
      {keeping.problem && <ProblemBar problem={keeping.problem} />}
      {isAsking && <ApproveDialog {...props} onDismiss={() => setIsAsking(false)} />}
    </>
  );
};

/** What a run did not dare to remove; nothing at all while nothing waits. */
export const WaitingRemovals: React.FunctionComponent<{ readonly source: Pick<Source, 'id'> }> = ({ source: { id } }) => {
  const api = useApi();
  const { value, reload } = useLoad(
    React.useCallback((signal: AbortSignal) => api.removals(id, { limit: shownIds }, signal), [api, id]),
    () => refreshMs,
  );
  const waiting = value?.tables.filter((table) => table.waiting > 0) ?? [];
  if (waiting.length === 0) return null;
  return (
    <div className="waiting-removals">
      {waiting.map((one) => (
        <WaitingInTable key={one.table} sourceId={id} waiting={one} onDone={reload} />
      ))}
    </div>
  );
};
