import { DefaultButton, Dropdown } from '@fluentui/react';
import * as React from 'react';
import { PageHeading } from '../../app/PageHeading.tsx';
import { hashOf } from '../../app/routes.ts';
import { goTo } from '../../app/usePage.ts';
import { EmptyFace } from '../../components/EmptyFace.tsx';
import { LoadedView } from '../../components/LoadedView.tsx';
import { refreshWhileRunning } from '../../loading/refresh.ts';
import { useLoad } from '../../loading/useLoad.ts';
import { useApi } from '../../session/ApiContext.ts';
import { words } from '../../words/index.ts';
import { RunsList } from './RunsList.tsx';

const pageLength = 50;
/** The API lists no more. */
const longest = 200;
const everySource = '';

/** The runs of one source or of all, newest first. */
export const RunsPage: React.FunctionComponent<{ readonly sourceId?: string }> = ({ sourceId }) => {
  const api = useApi();
  const [limit, setLimit] = React.useState(pageLength);
  const load = React.useCallback(
    async (signal: AbortSignal) => {
      const [sources, runs] = await Promise.all([api.sources(signal), api.runs({ limit, sourceId, signal })]);
      return { sources, runs };
    },
    [api, limit, sourceId],
  );
  const loaded = useLoad(load, ({ runs }) => refreshWhileRunning(runs));

  return (
    <>
      <PageHeading title={words.navigation.runs} />
      <LoadedView loaded={loaded}>
        {({ sources, runs }) => (
          <>
            {sources.length > 1 && (
              <Dropdown
                className="source-filter"
                label={words.runs.source}
                selectedKey={sourceId ?? everySource}
                options={[{ key: everySource, text: words.runs.allSources }, ...sources.map(({ id, name }) => ({ key: id, text: name }))]}
                onChange={(_, option) =>
                  goTo(option && option.key !== everySource ? { name: 'runs', sourceId: String(option.key) } : { name: 'runs' })
                }
              />
            )}
            {runs.length === 0 ? (
              <EmptyFace title={words.runs.emptyTitle} text={words.runs.emptyText}>
                <a href={hashOf({ name: 'overview' })}>{words.runs.emptyAction}</a>
              </EmptyFace>
            ) : (
              <RunsList runs={runs} nameOf={(id) => sources.find((source) => source.id === id)?.name ?? id} />
            )}
            {runs.length === limit && limit < longest && <DefaultButton text={words.runs.more} onClick={() => setLimit(longest)} />}
          </>
        )}
      </LoadedView>
    </>
  );
};
