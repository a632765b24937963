/**
 * Icons as inline SVG: Fluent 8's own icons are a font from a CDN whose licence covers Microsoft's products only.
 * Drawn on 16 × 16, in the text's colour, hidden from screen readers: the words beside an icon say what it means.
 */
import * as React from 'react';

export interface IconProps {
  /** Edge in pixels. */
  readonly size?: number;
  readonly className?: string;
}

const icon = (name: string, drawing: React.ReactNode): React.FunctionComponent<IconProps> => {
  const Icon: React.FunctionComponent<IconProps> = ({ size = 16, className }) => (
    <svg
      className={className}
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
      {drawing}
    </svg>
  );
  Icon.displayName = name;
  return Icon;
};

export const OpenIcon = icon(
  'OpenIcon',
  <path d="M9 2.5h4.5V7M13.5 2.5 7.5 8.5M6.5 3.5h-3a1 1 0 0 0-1 1v8a1 1 0 0 0 1 1h8a1 1 0 0 0 1-1v-3" />,
);
export const DismissIcon = icon('DismissIcon', <path d="m3.5 3.5 9 9M12.5 3.5l-9 9" />);
export const CheckmarkIcon = icon('CheckmarkIcon', <path d="m2.5 8.5 3.5 3.5 7.5-8" />);
export const ArrowRightIcon = icon('ArrowRightIcon', <path d="M2.5 8h11M9.5 4l4 4-4 4" />);
export const SyncIcon = icon(
  'SyncIcon',
  <path d="M13.5 8a5.5 5.5 0 0 1-9.9 3.3M2.5 8a5.5 5.5 0 0 1 9.9-3.3M12.5 1.5v3.3H9.2M3.5 14.5v-3.3h3.3" />,
);
export const WarningIcon = icon('WarningIcon', <path d="M8 2 14.5 13.5h-13zM8 6.5v3.2M8 11.7v.1" />);
export const PlayIcon = icon('PlayIcon', <path d="M4.5 2.5v11l9-5.5z" />);
export const StopIcon = icon('StopIcon', <rect x="3.5" y="3.5" width="9" height="9" rx="1" />);
export const CopyIcon = icon('CopyIcon', <path d="M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z" />);
export const MoreIcon = icon('MoreIcon', <path d="M3.5 8v.01M8 8v.01M12.5 8v.01" strokeWidth={2} />);
export const InfoIcon = icon(
  'InfoIcon',
  <>
    <circle cx="8" cy="8" r="6" />
    <path d="M8 7.3v3.7M8 4.9V5" />
  </>,
);
