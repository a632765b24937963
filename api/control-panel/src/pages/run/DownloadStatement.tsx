import type { VerifyStatement } from '@crm-sync/client';
import { DefaultButton } from '@fluentui/react';
import * as React from 'react';
import { ProblemBar } from '../../components/ProblemBar.tsx';
import { useAction } from '../../loading/useAction.ts';
import { useApi } from '../../session/ApiContext.ts';
import { words } from '../../words/index.ts';

/** The browser keeps a file only from an address of its own making, as the API wants a token with every request. */
const keep = (name: string, type: string, text: string): void => {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
};

/** Keeps the statement as a file: for programs, or for people. */
export const DownloadStatement: React.FunctionComponent<{ readonly statement: VerifyStatement }> = ({ statement }) => {
  const api = useApi();
  const name = `verify-${statement.source.id}-${statement.finishedOn.slice(0, 10)}`;
  const reading = useAction<void, string>(
    () => api.runStatementText(statement.runId),
    (text) => keep(`${name}.txt`, 'text/plain', text),
  );
  return (
    <>
      <div className="actions">
        <DefaultButton
          text={words.verify.downloadJson}
          onClick={() => keep(`${name}.json`, 'application/json', `${JSON.stringify(statement, null, 2)}\n`)}
        />
        <DefaultButton text={words.verify.downloadText} disabled={reading.isUnderWay} onClick={() => reading.start()} />
      </div>
      {reading.problem && <ProblemBar problem={reading.problem} />}
    </>
  );
};
