import { CheckmarkIcon, DismissIcon, InfoIcon, WarningIcon } from '@crm-sync/ui';
import { registerIcons } from '@fluentui/react';
import * as React from 'react';

const chevron = (path: string) => (
  <svg width="1em" height="1em" viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.6" aria-hidden="true">
    <path d={path} />
  </svg>
);

/** The icons that the Fluent components in use ask for by name; Fluent's own are a font that would be fetched from a CDN. */
export const registerFluentIcons = (): void =>
  registerIcons({
    style: { display: 'inline-flex', alignItems: 'center', justifyContent: 'center' },
    icons: {
      Cancel: <DismissIcon />,
      Clear: <DismissIcon />,
      CheckMark: <CheckmarkIcon size={12} />,
      StatusCircleCheckmark: <CheckmarkIcon size={12} />,
      Completed: <CheckmarkIcon />,
      Info: <InfoIcon />,
      Error: <WarningIcon />,
      ErrorBadge: <WarningIcon />,
      Warning: <WarningIcon />,
      ChevronDown: chevron('m3 5.5 5 5 5-5'),
      ChevronUp: chevron('m3 10.5 5-5 5 5'),
      ChevronRight: chevron('m5.5 3 5 5-5 5'),
    },
  });
