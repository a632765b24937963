import * as React from 'react';
import { useCard } from './CardContext';

/**
 * A shape per CRM, drawn by us on 16 × 16 in one colour, so that agents with several CRMs tell them apart at a glance.
 * Not the vendors' logos: those may not be redrawn, and the name always stands beside the mark.
 */
const shapes: Readonly<Record<string, React.ReactNode>> = {
  // A cloud.
  salesforce: <path d="M4.6 12.5a2.9 2.9 0 0 1-.4-5.8 3.4 3.4 0 0 1 6.3-1.2 2.9 2.9 0 0 1 .9 5.7 2 2 0 0 1-1 1.3z" />,
  // A ring with a gap below.
  servicenow: <path d="M8 2.5a5.5 5.5 0 0 0-4 9.3l1.7-1.2a3.4 3.4 0 1 1 4.6 0l1.7 1.2a5.5 5.5 0 0 0-4-9.3z" />,
  // A hub with two spokes.
  hubspot: (
    <>
      <circle cx="10" cy="9.5" r="3" fill="none" stroke="currentColor" strokeWidth="1.8" />
      <path d="M10 6.5v-3M8 7.7 4 4.6M7.8 11.6l-2.6 2" fill="none" stroke="currentColor" strokeWidth="1.4" />
      <circle cx="10" cy="3" r="1.2" />
      <circle cx="3.7" cy="4.3" r="1.3" />
    </>
  ),
  // Two halves that face each other.
  zendesk: <path d="M7.4 13H2l5.4-6.6zM2 3h5.4A2.7 2.7 0 0 1 2 3zM8.6 13a2.7 2.7 0 0 1 5.4 0zM8.6 9.6V3H14z" />,
};

/** The CRM's own shape, by its connector's id or else by the first word of what people call it ("Salesforce EMEA"). */
const shapeNameOf = (mark: string | undefined, name: string): string | undefined =>
  // Own names only: a mark called "constructor" must not find what every object has.
  [mark ?? name.trim().split(/\s/, 1)[0]?.toLowerCase()].find(
    (key) => key !== undefined && Object.prototype.hasOwnProperty.call(shapes, key),
  );

/** One unit of text, and nothing that a following one could change. */
const plainLetter = /^[\dA-Za-z](?=[\x20-\x7e]|$)/;

const firstLetter = (name: string): string => {
  // Most names; taking a segmenter to them would cost more than the whole mark.
  const [plain] = plainLetter.exec(name) ?? [];
  if (plain !== undefined) return plain.toUpperCase();
  // A letter as people see it: an emoji of several code points, or one with an accent, stays whole.
  const first =
    typeof Intl.Segmenter === 'function' ? [...new Intl.Segmenter().segment(name.slice(0, 40))][0]?.segment : [...name.slice(0, 2)][0];
  return first?.toLocaleUpperCase() ?? '';
};

/** Which CRM, at a glance; hidden from screen readers, because the name is read anyway. */
export const Mark: React.FunctionComponent<{ readonly mark?: string; readonly name: string }> = ({ mark, name }) => {
  const { styles } = useCard();
  const shapeName = shapeNameOf(mark, name);
  const shape = shapeName === undefined ? undefined : shapes[shapeName];
  return (
    <span className={styles.mark} aria-hidden="true" data-mark={shape ? shapeName : 'letter'}>
      {shape ? (
        <svg width={14} height={14} viewBox="0 0 16 16" fill="currentColor" focusable="false">
          {shape}
        </svg>
      ) : (
        firstLetter(name)
      )}
    </span>
  );
};
