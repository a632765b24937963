import { type Run, type Source, isFinal } from '@crm-sync/client';
import { DefaultButton, PrimaryButton } from '@fluentui/react';
import * as React from 'react';
import { words } from '../../words/index.ts';
import { StartRunPanel } from '../overview/StartRunPanel.tsx';
import { CancelRunDialog } from './CancelRunDialog.tsx';
import { PauseRun } from './PauseRun.tsx';

export interface RunActionsProps {
  readonly run: Run;
  /** Absent when the source is not configured any more: then nothing can be started. */
  readonly source?: Source;
}

const textOf = ({ mode, isDryRun }: Run): string => {
  if (mode === 'verify') return words.run.verifyAgain;
  return isDryRun ? words.run.forReal : words.run.again;
};

/** Lets a run that is under way wait, or stops it; starts another like it when it is over. */
export const RunActions: React.FunctionComponent<RunActionsProps> = ({ run, source }) => {
  const [open, setOpen] = React.useState<'cancel' | 'start'>();
  const close = () => setOpen(undefined);
  if (!isFinal(run)) {
    return (
      <>
        <PauseRun run={run} />
        <DefaultButton text={words.run.cancel} onClick={() => setOpen('cancel')} />
        {open === 'cancel' && <CancelRunDialog run={run} onDismiss={close} />}
      </>
    );
  }
  if (!source) return null;
  const Button = run.isDryRun ? PrimaryButton : DefaultButton;
  return (
    <>
      <Button text={textOf(run)} onClick={() => setOpen('start')} />
      {open === 'start' && (
        <StartRunPanel source={source} initial={{ mode: run.mode, tables: run.tables, isDryRun: false }} onDismiss={close} />
      )}
    </>
  );
};
