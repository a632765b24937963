import { RelativeTime } from '@crm-sync/ui';
import * as React from 'react';
import { locale } from '../words/index.ts';

export interface TimeProps {
  readonly instant: string;
  /** It is still to come. */
  readonly isPlanned?: boolean;
}

/** How long ago, or how soon; the exact time on hover and focus. */
export const Time: React.FunctionComponent<TimeProps> = ({ instant, isPlanned }) => (
  <RelativeTime time={instant} languageTag={locale} isPlanned={isPlanned} />
);
