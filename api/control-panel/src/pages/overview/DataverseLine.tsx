import { ProgressIndicator } from '@fluentui/react';
import * as React from 'react';
import { formatCount, formatDuration } from '../../format/numbers.ts';
import { useLoad } from '../../loading/useLoad.ts';
import { useApi } from '../../session/ApiContext.ts';
import { words } from '../../words/index.ts';

const refreshMs = 30_000;

/** How much of the day's requests is used, and how fast Dataverse lets us go. What cannot be told is left out: the cards say what is wrong. */
export const DataverseLine: React.FunctionComponent = () => {
  const api = useApi();
  const { value } = useLoad(
    React.useCallback((signal: AbortSignal) => api.dataverseUse(signal), [api]),
    () => refreshMs,
  );
  if (value === undefined) return null;
  const { used, limit } = value.requests;
  const usedText =
    limit === undefined ? words.dataverse.used(formatCount(used)) : words.dataverse.usedOf(formatCount(used), formatCount(limit));
  const lanes = value.users.reduce((sum, user) => sum + user.lanes, 0);
  const pausedSeconds = Math.min(...value.users.map((user) => user.pausedSeconds));
  return (
    <section className="dataverse-line" aria-label={words.dataverse.title}>
      <h2>{words.dataverse.title}</h2>
      <p>{usedText}</p>
      {limit !== undefined && <ProgressIndicator ariaLabel={usedText} percentComplete={Math.min(1, used / limit)} />}
      <p>
        {pausedSeconds > 0
          ? words.dataverse.paused(formatDuration(pausedSeconds * 1000))
          : words.dataverse.pace(value.users.length, formatCount(lanes))}
      </p>
    </section>
  );
};
