import type { ApiProblem } from '@crm-sync/client';
import { MessageBar, MessageBarType } from '@fluentui/react';
import * as React from 'react';
import { words } from '../words/index.ts';

/** A problem beside what is shown: an action that failed. */
export const ProblemBar: React.FunctionComponent<{
  readonly problem: Pick<ApiProblem, 'title' | 'help' | 'code'> & { readonly reference?: string };
}> = ({ problem }) => (
  <MessageBar messageBarType={MessageBarType.error} isMultiline>
    <strong>{problem.title}.</strong> {problem.help}{' '}
    <span className="quiet">
      <code>{problem.code}</code>
      {problem.reference ? ` · ${words.problem.reference} ` : ''}
      {problem.reference && <code>{problem.reference}</code>}
    </span>
  </MessageBar>
);
