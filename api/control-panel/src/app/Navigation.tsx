import type { IconProps } from '@crm-sync/ui';
import * as React from 'react';
import { FailuresIcon, OverviewIcon, RunsIcon } from '../components/icons.tsx';
import { words } from '../words/index.ts';
import { type Page, hashOf } from './routes.ts';
import { usePage } from './usePage.ts';

interface Entry {
  readonly text: string;
  readonly href: string;
  readonly Icon: React.FunctionComponent<IconProps>;
  /** Pages that belong under this entry. */
  readonly pages: readonly Page['name'][];
}

const entries: readonly Entry[] = [
  { text: words.navigation.overview, href: hashOf({ name: 'overview' }), Icon: OverviewIcon, pages: ['overview'] },
  { text: words.navigation.runs, href: hashOf({ name: 'runs' }), Icon: RunsIcon, pages: ['runs', 'run'] },
  { text: words.navigation.failures, href: hashOf({ name: 'failures' }), Icon: FailuresIcon, pages: ['failures'] },
];

export const Navigation: React.FunctionComponent = () => {
  const page = usePage();
  return (
    <nav className="navigation" aria-label={words.navigation.label}>
      <ul>
        {entries.map(({ text, href, Icon, pages }) => (
          <li key={href}>
            <a href={href} aria-current={pages.includes(page.name) ? 'page' : undefined}>
              <Icon /> {text}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
};
