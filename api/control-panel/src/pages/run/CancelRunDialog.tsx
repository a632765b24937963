import type { Run } from '@crm-sync/client';
import { DefaultButton, Dialog, DialogFooter, DialogType, PrimaryButton } from '@fluentui/react';
import * as React from 'react';
import { ProblemBar } from '../../components/ProblemBar.tsx';
import { formatCount } from '../../format/numbers.ts';
import { useAction } from '../../loading/useAction.ts';
import { useApi } from '../../session/ApiContext.ts';
import { words } from '../../words/index.ts';

export interface CancelRunDialogProps {
  readonly run: Run;
  readonly onDismiss: () => void;
}

/** Asks once, and says what stays. */
export const CancelRunDialog: React.FunctionComponent<CancelRunDialogProps> = ({ run, onDismiss }) => {
  const api = useApi();
  const cancelling = useAction<void, Run>(() => api.cancelRun(run.id), onDismiss);
  return (
    <Dialog
      hidden={false}
      minWidth={440}
      onDismiss={onDismiss}
      dialogContentProps={{
        type: DialogType.normal,
        title: words.run.cancelTitle,
        subText: run.isDryRun ? words.run.cancelDryText : words.run.cancelText(formatCount(run.counts.written)),
        closeButtonAriaLabel: words.close,
      }}
      modalProps={{ isBlocking: false }}
    >
      {cancelling.problem && <ProblemBar problem={cancelling.problem} />}
      <DialogFooter>
        <PrimaryButton
          text={cancelling.isUnderWay ? words.run.cancelling : words.run.cancel}
          disabled={cancelling.isUnderWay}
          onClick={() => cancelling.start()}
        />
        <DefaultButton text={words.run.keepRunning} onClick={onDismiss} />
      </DialogFooter>
    </Dialog>
  );
};
