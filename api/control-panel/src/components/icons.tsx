import type { IconProps } from '@crm-sync/ui';
import * as React from 'react';

const icon =
  (path: string): React.FunctionComponent<IconProps> =>
  ({ size = 16 }) => (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.4}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={path} />
    </svg>
  );

export const CopyIcon = icon('M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z');
export const OverviewIcon = icon('M2.5 2.5h4.5v5h-4.5zM9 2.5h4.5v3h-4.5zM9 8h4.5v5.5h-4.5zM2.5 10h4.5v3.5h-4.5z');
export const RunsIcon = icon('M5.5 3.5h8M5.5 8h8M5.5 12.5h8M2.5 3.5v.01M2.5 8v.01M2.5 12.5v.01');
export const FailuresIcon = icon('M8 2.5 14 13H2zM8 6.5v3M8 11.25v.01');
export const PersonIcon = icon('M8 8a2.75 2.75 0 1 0 0-5.5A2.75 2.75 0 0 0 8 8zM2.75 13.5c.5-2.4 2.6-3.5 5.25-3.5s4.75 1.1 5.25 3.5');
export const BackIcon = icon('m9.5 3.5-4.5 4.5 4.5 4.5');
