import { ProgressIndicator } from '@fluentui/react';
import type { DataverseUse } from '@crm-sync/client';
import * as React from 'react';
import { formatCount, formatDuration } from '../../format/numbers.ts';
import { useLoad } from '../../loading/useLoad.ts';
import { useApi } from '../../session/ApiContext.ts';
import { words } from '../../words/index.ts';

const refreshMs = 30_000;

const paceOf = ({ users, waitingSeconds }: DataverseUse): string => {
  const pausedSeconds = Math.min(...users.map((user) => user.pausedSeconds));
  if (pausedSeconds > 0) return words.dataverse.paused(formatDuration(pausedSeconds * 1000));
  if (waitingSeconds > 0) return words.dataverse.waits(formatDuration(waitingSeconds * 1000));
  return words.dataverse.pace(users.length, formatCount(users.reduce((sum, user) => sum + user.lanes, 0)));
};

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
  return (
    <section className="dataverse-line" aria-label={words.dataverse.title}>
      <h2>{words.dataverse.title}</h2>
      <p>{usedText}</p>
      {limit !== undefined && <ProgressIndicator ariaLabel={usedText} percentComplete={Math.min(1, used / limit)} />}
      <p>{paceOf(value)}</p>
    </section>
  );
};
