import { mergeStyleSets, useTheme } from '@fluentui/react';
import * as React from 'react';
import { type Tone, toneColor } from './tone';

/** Each tone has a shape of its own: nobody needs to tell green from red. */
const shapes: Readonly<Record<Tone, React.ReactNode>> = {
  good: <circle cx="6" cy="6" r="5" />,
  attention: <path d="M6 .8 11.6 11H.4z" />,
  bad: <path d="M6 0 12 6 6 12 0 6z" />,
  busy: (
    <>
      <circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <path d="M6 1.8a4.2 4.2 0 0 1 0 8.4z" />
    </>
  ),
  neutral: <circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" strokeWidth="1.6" />,
};

export interface StateDotProps {
  readonly tone: Tone;
  /** What the dot means, in words; shown beside it. */
  readonly children: React.ReactNode;
}

const styles = mergeStyleSets({
  box: { display: 'inline-flex', alignItems: 'baseline', columnGap: 6, minWidth: 0 },
  dot: {
    flex: 'none',
    position: 'relative',
    insetBlockStart: 1,
    // An SVG keeps its colours under forced colours; a dark red on the user's black page would be gone.
    selectors: { '@media (forced-colors: active)': { color: 'CanvasText !important' } },
  },
});

/** A state: a shape in a colour, and always the words. */
export const StateDot: React.FunctionComponent<StateDotProps> = ({ tone, children }) => {
  const theme = useTheme();
  return (
    <span className={styles.box} data-tone={tone}>
      <svg
        width={11}
        height={11}
        viewBox="0 0 12 12"
        className={styles.dot}
        style={{ color: toneColor(theme, tone) }}
        fill="currentColor"
        aria-hidden="true"
        focusable="false"
      >
        {shapes[tone]}
      </svg>
      <span>{children}</span>
    </span>
  );
};
