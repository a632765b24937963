import type { ApiProblem } from '@crm-sync/client';
import { WarningIcon } from '@crm-sync/ui';
import { DefaultButton, PrimaryButton } from '@fluentui/react';
import * as React from 'react';
import { useSignIn } from '../session/SignInContext.ts';
import { words } from '../words/index.ts';
import { CopyableText } from './CopyableText.tsx';
import { FaceTitle } from './FaceTitle.tsx';

export interface ProblemFaceProps {
  readonly problem: ApiProblem;
  readonly isWholePage?: boolean;
  readonly onRetry?: () => void;
}

interface Sentences {
  readonly title: string;
  readonly text: string;
}

const sentencesOf = (problem: ApiProblem): Sentences => {
  const isUnreachable = problem.code === 'client.unreachable';
  if (isUnreachable && !navigator.onLine) return { title: words.problem.offlineTitle, text: words.problem.offlineHelp };
  if (problem.status === 403) return { title: problem.title, text: `${problem.help} ${words.signIn.forbiddenText}` };
  return { title: problem.title, text: problem.help };
};

/** What went wrong, what to do, and what support needs to find it; in place of what could not be shown. */
export const ProblemFace: React.FunctionComponent<ProblemFaceProps> = ({ problem, isWholePage, onRetry }) => {
  const { signOut } = useSignIn();
  const { title, text } = sentencesOf(problem);
  return (
    <div className="face" role="alert">
      <span className="face-icon">
        <WarningIcon size={32} />
      </span>
      <FaceTitle title={title} isWholePage={isWholePage} />
      <p>{text}</p>
      <div className="actions">
        {problem.status === 401 && <PrimaryButton text={words.signIn.signIn} onClick={signOut} />}
        {onRetry && <DefaultButton text={words.tryAgain} onClick={onRetry} />}
      </div>
      <p className="quiet">
        {words.problem.code} <code>{problem.code}</code>
      </p>
      {problem.reference && (
        <p className="quiet">
          {words.problem.reference} <CopyableText text={problem.reference} what={words.problem.reference} />
          <br />
          {words.problem.referenceText}
        </p>
      )}
    </div>
  );
};
