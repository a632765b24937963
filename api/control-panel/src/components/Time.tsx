import { RelativeTime } from '@crm-sync/ui';
import * as React from 'react';
import { locale } from '../words/index.ts';

/** How long ago; the exact time on hover and focus. */
export const Time: React.FunctionComponent<{ readonly instant: string }> = ({ instant }) => (
  <RelativeTime time={instant} languageTag={locale} />
);
