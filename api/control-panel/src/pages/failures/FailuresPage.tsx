import { Dropdown } from '@fluentui/react';
import * as React from 'react';
import { PageHeading } from '../../app/PageHeading.tsx';
import { goTo } from '../../app/usePage.ts';
import { EmptyFace } from '../../components/EmptyFace.tsx';
import { LoadedView } from '../../components/LoadedView.tsx';
import { useLoad } from '../../loading/useLoad.ts';
import { useApi } from '../../session/ApiContext.ts';
import { words } from '../../words/index.ts';
import { FailureGroups } from './FailureGroups.tsx';

/** What failed and has not succeeded since, of one source: by reason, each with what to do. */
export const FailuresPage: React.FunctionComponent<{ readonly sourceId?: string }> = ({ sourceId }) => {
  const api = useApi();
  const loaded = useLoad(React.useCallback((signal: AbortSignal) => api.sources(signal), [api]));
  return (
    <>
      <PageHeading title={words.navigation.failures} />
      <LoadedView loaded={loaded}>
        {(sources) => {
          const source = sources.find(({ id }) => id === sourceId) ?? sources[0];
          if (source === undefined) return <EmptyFace title={words.overview.emptyTitle} text={words.overview.emptyText} />;
          return (
            <>
              {sources.length > 1 && (
                <Dropdown
                  className="source-filter"
                  label={words.failures.source}
                  selectedKey={source.id}
                  options={sources.map(({ id, name }) => ({ key: id, text: name }))}
                  onChange={(_, option) => option && goTo({ name: 'failures', sourceId: String(option.key) })}
                />
              )}
              <FailureGroups key={source.id} sourceId={source.id} />
            </>
          );
        }}
      </LoadedView>
    </>
  );
};
