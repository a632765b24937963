import type { Run } from '@crm-sync/client';
import * as React from 'react';
import { formatCount } from '../../format/numbers.ts';
import { runStateText } from '../../components/RunStateLabel.tsx';
import { words } from '../../words/index.ts';

/** A screen reader that is told every number says nothing else; a change of state is told at once. */
const announceEveryMs = 10_000;

/** Tells screen readers how the run goes, now and then. */
export const RunAnnouncer: React.FunctionComponent<{ readonly run: Run }> = ({ run }) => {
  const newest = React.useRef(run);
  newest.current = run;
  const [announced, setAnnounced] = React.useState(run);
  React.useEffect(() => {
    setAnnounced(newest.current);
    if (run.state !== 'running') return undefined;
    const timer = setInterval(() => setAnnounced(newest.current), announceEveryMs);
    return () => clearInterval(timer);
  }, [run.state]);
  return (
    <div role="status" className="for-screen-readers">
      {words.run.announce(runStateText(announced), formatCount(announced.counts.read), announced.counts.failed)}
    </div>
  );
};
