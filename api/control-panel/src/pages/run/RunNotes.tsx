import type { Run } from '@crm-sync/client';
import { MessageBar, MessageBarType } from '@fluentui/react';
import * as React from 'react';

/** What whoever looks at the run should know, such as why it is not to be believed. */
export const RunNotes: React.FunctionComponent<{ readonly run: Run }> = ({ run }) => (
  <>
    {run.notes.map(({ table, code, title, help }) => (
      <MessageBar
        key={`${table} ${code}`}
        isMultiline
        messageBarType={run.state === 'suspicious' ? MessageBarType.severeWarning : MessageBarType.info}
      >
        {title}. {help}
      </MessageBar>
    ))}
  </>
);
