import { Link, mergeStyleSets, useTheme } from '@fluentui/react';
import * as React from 'react';
import { type RunCounts, type RunPartName, equationParts } from './equation';
import { type Tone, toneColor } from './tone';

export type RunEquationStrings = Readonly<Record<'label' | 'read' | RunPartName | 'missing', string>>;

export interface RunEquationProps {
  readonly counts: RunCounts;
  readonly strings: RunEquationStrings;
  /** BCP 47: how numbers are written. */
  readonly languageTag: string;
  /** Where a part means something else than usual, as `withheld` in a dry run. */
  readonly tones?: Readonly<Partial<Record<RunPartName, Tone>>>;
  /** Makes the parts links. */
  readonly onPartSelect?: (part: RunPartName) => void;
}

const usualTones: Readonly<Record<RunPartName | 'missing', Tone>> = {
  written: 'busy',
  unchanged: 'good',
  stale: 'neutral',
  filtered: 'neutral',
  failed: 'bad',
  withheld: 'attention',
  missing: 'bad',
};

const styles = mergeStyleSets({
  bar: { display: 'flex', height: 12, borderRadius: 6, overflow: 'hidden', columnGap: 1, marginBlockEnd: 6 },
  part: {
    minWidth: 4,
    // Forced colours paint every background alike; the edges still show the shares.
    selectors: { '@media (forced-colors: active)': { border: '1px solid CanvasText', boxSizing: 'border-box' } },
  },
  sentence: { display: 'flex', flexWrap: 'wrap', columnGap: 6, rowGap: 2, fontVariantNumeric: 'tabular-nums' },
  term: { whiteSpace: 'nowrap' },
  count: { fontWeight: 600 },
});

/** read = written + unchanged + …, as a bar and in words. Parts that are zero are left out; what does not add up is shown as missing. */
export const RunEquation: React.FunctionComponent<RunEquationProps> = ({ counts, strings, languageTag, tones, onPartSelect }) => {
  const partTones = { ...usualTones, ...tones };
  const theme = useTheme();
  const format = new Intl.NumberFormat(languageTag);
  const parts = equationParts(counts);
  const termOf = (name: keyof RunEquationStrings, count: number) => (
    <>
      {strings[name]} <span className={styles.count}>{format.format(count)}</span>
    </>
  );
  return (
    <div role="group" aria-label={strings.label}>
      <div className={styles.bar} style={{ backgroundColor: theme.palette.neutralLight }} aria-hidden="true">
        {/* A part of nothing would still be as wide as the narrowest part. */}
        {parts
          .filter(({ count }) => count !== 0)
          .map(({ name, count }) => (
            <div
              key={name}
              className={styles.part}
              data-part={name}
              style={{ flexGrow: count, backgroundColor: toneColor(theme, partTones[name]) }}
              title={`${strings[name]} ${format.format(count)}`}
            />
          ))}
      </div>
      <div className={styles.sentence}>
        <span className={styles.term}>{termOf('read', counts.read)}</span>
        {parts.map(({ name, count }, index) => (
          <span key={name} className={styles.term}>
            {index === 0 ? '= ' : '+ '}
            {onPartSelect && name !== 'missing' ? (
              <Link onClick={() => onPartSelect(name)}>{termOf(name, count)}</Link>
            ) : (
              termOf(name, count)
            )}
          </span>
        ))}
      </div>
    </div>
  );
};
