import type { ApiClient, Run, Source } from '@crm-sync/client';
import * as React from 'react';
import { useLoad } from '../../loading/useLoad.ts';
import { useApi } from '../../session/ApiContext.ts';

/** What makes a run's page richer and may be missing: the source that it reads, and earlier runs. */
export interface RunContext {
  readonly source?: Source;
  readonly earlierRuns: readonly Run[];
}

const nothing: RunContext = { earlierRuns: [] };

const load = async (api: ApiClient, sourceId: string, signal: AbortSignal): Promise<RunContext> => {
  const [sources, earlierRuns] = await Promise.all([api.sources(signal), api.runs({ sourceId, limit: 20, signal })]);
  return { source: sources.find(({ id }) => id === sourceId), earlierRuns };
};

/** undefined until it is known whether there is any: a page that renamed itself a moment later would jump. */
export const useRunContext = (sourceId: string | undefined): RunContext | undefined => {
  const api = useApi();
  const { value, problem } = useLoad(
    React.useCallback(async (signal: AbortSignal) => (sourceId === undefined ? undefined : load(api, sourceId, signal)), [api, sourceId]),
  );
  return value ?? (problem ? nothing : undefined);
};
