import { Spinner, SpinnerSize } from '@fluentui/react';
import * as React from 'react';
import { words } from '../words/index.ts';

/** Shows itself only when the wait is long enough to be noticed: a quick answer must not flicker. */
const noticeableMs = 300;

export const Loading: React.FunctionComponent = () => {
  const [isNoticeable, setIsNoticeable] = React.useState(false);
  React.useEffect(() => {
    const timer = setTimeout(() => setIsNoticeable(true), noticeableMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="face" aria-busy="true">
      {isNoticeable && <Spinner size={SpinnerSize.large} label={words.loading} />}
    </div>
  );
};
