import * as React from 'react';
import { EmptyFace } from '../components/EmptyFace.tsx';
import { OverviewPage } from '../pages/overview/OverviewPage.tsx';
import { RunPage } from '../pages/run/RunPage.tsx';
import { FailuresPage } from '../pages/failures/FailuresPage.tsx';
import { RunsPage } from '../pages/runs/RunsPage.tsx';
import { Session } from '../session/Session.tsx';
import { words } from '../words/index.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { hashOf } from './routes.ts';
import { Shell } from './Shell.tsx';
import { ThemeRoot } from './ThemeRoot.tsx';
import { usePage } from './usePage.ts';

const CurrentPage: React.FunctionComponent = () => {
  const page = usePage();
  switch (page.name) {
    case 'overview':
      return <OverviewPage />;
    case 'runs':
      return <RunsPage sourceId={page.sourceId} />;
    case 'run':
      return <RunPage key={page.runId} runId={page.runId} />;
    case 'failures':
      return <FailuresPage sourceId={page.sourceId} />;
    case 'unknown':
      return (
        <EmptyFace isWholePage title={words.unknownPage.title} text={words.unknownPage.text}>
          <a href={hashOf({ name: 'overview' })}>{words.unknownPage.action}</a>
        </EmptyFace>
      );
  }
};

/** The whole panel. `apiBaseUrl` is empty in production, where the API serves the panel. */
export const App: React.FunctionComponent<{ readonly apiBaseUrl: string }> = ({ apiBaseUrl }) => {
  const page = usePage();
  return (
    <ThemeRoot>
      <Session apiBaseUrl={apiBaseUrl} shell={Shell}>
        <ErrorBoundary key={JSON.stringify(page)}>
          <CurrentPage />
        </ErrorBoundary>
      </Session>
    </ThemeRoot>
  );
};
