import type { Source } from '@crm-sync/client';
import * as React from 'react';
import { PageHeading } from '../../app/PageHeading.tsx';
import { EmptyFace } from '../../components/EmptyFace.tsx';
import { LoadedView } from '../../components/LoadedView.tsx';
import { refreshWhileRunning } from '../../loading/refresh.ts';
import { useLoad } from '../../loading/useLoad.ts';
import { useApi } from '../../session/ApiContext.ts';
import { words } from '../../words/index.ts';
import { DataverseLine } from './DataverseLine.tsx';
import { SourceCard } from './SourceCard.tsx';
import { StartRunPanel } from './StartRunPanel.tsx';

const refresh = (sources: readonly Source[]) => refreshWhileRunning(sources.map(({ lastRun }) => lastRun));

/** Every connected CRM on a card, and the way to start a sync. */
export const OverviewPage: React.FunctionComponent = () => {
  const api = useApi();
  const loaded = useLoad(
    React.useCallback((signal: AbortSignal) => api.sources(signal), [api]),
    refresh,
  );
  const [starting, setStarting] = React.useState<Source>();
  return (
    <>
      <PageHeading title={words.navigation.overview} />
      <LoadedView loaded={loaded}>
        {(sources) =>
          sources.length === 0 ? (
            <EmptyFace title={words.overview.emptyTitle} text={words.overview.emptyText}>
              <p>{words.overview.emptyStep}</p>
            </EmptyFace>
          ) : (
            <ul className="cards">
              {sources.map((source) => (
                <li key={source.id}>
                  <SourceCard source={source} onStart={() => setStarting(source)} />
                </li>
              ))}
            </ul>
          )
        }
      </LoadedView>
      <DataverseLine />
      {starting && <StartRunPanel source={starting} onDismiss={() => setStarting(undefined)} />}
    </>
  );
};
