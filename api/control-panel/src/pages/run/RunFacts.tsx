import type { Run } from '@crm-sync/client';
import * as React from 'react';
import { CopyableText } from '../../components/CopyableText.tsx';
import { type Fact, Facts } from '../../components/Facts.tsx';
import { Time } from '../../components/Time.tsx';
import { words } from '../../words/index.ts';

const timeFact = (name: string, instant: string | undefined): readonly Fact[] =>
  instant === undefined ? [] : [{ name, value: <Time instant={instant} /> }];

/** Who asked for what, and when. */
export const RunFacts: React.FunctionComponent<{ readonly run: Run }> = ({ run }) => (
  <Facts
    facts={[
      { name: words.run.id, value: <CopyableText text={run.id} what={words.run.id} /> },
      { name: words.run.requestedBy, value: <code>{run.requestedBy}</code> },
      { name: words.run.tables, value: words.list(run.tables.map((table) => words.table[table])) },
      ...timeFact(words.run.requested, run.requestedOn),
      ...timeFact(words.run.started, run.startedOn),
      ...timeFact(words.run.finished, run.finishedOn),
    ]}
  />
);
