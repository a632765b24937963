import type { Source } from '@crm-sync/client';
import { MessageBar, MessageBarType } from '@fluentui/react';
import * as React from 'react';
import { formatCount, formatDuration } from '../../format/numbers.ts';
import { words } from '../../words/index.ts';

export interface WebhookStateProps {
  readonly webhooks: NonNullable<Source['webhooks']>;
  readonly nowMs: number;
}

const sinceText = (lastOn: string, nowMs: number): string => formatDuration(Math.max(0, nowMs - Date.parse(lastOn)));

/** How far Dataverse is behind the CRM, and a warning for each webhook that has been silent for too long; nothing where nothing came yet. */
export const WebhookState: React.FunctionComponent<WebhookStateProps> = ({ webhooks, nowMs }) => {
  const { hooks, lagFromEvent, lagFromReceipt } = webhooks;
  const lag = lagFromEvent ?? lagFromReceipt;
  const waiting = hooks.reduce((sum, hook) => sum + hook.waiting, 0);
  return (
    <>
      {hooks.map(({ hook = '', isSilent, lastOn }) =>
        isSilent && lastOn !== undefined ? (
          <MessageBar key={hook} messageBarType={MessageBarType.warning} isMultiline>
            {words.webhooks.silent(hook, sinceText(lastOn, nowMs))}
          </MessageBar>
        ) : null,
      )}
      {lag && (
        <p>
          {words.webhooks.lag(formatDuration(lag.medianMilliseconds), formatDuration(lag.p95Milliseconds))}
          {waiting > 0 && ` ${words.webhooks.waiting(formatCount(waiting))}`}
        </p>
      )}
    </>
  );
};
