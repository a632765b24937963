import * as React from 'react';
import { RelativeTime } from '../RelativeTime';
import { splitText } from '../text';
import { useCard } from './CardContext';

/** A text whose placeholders are elements: `checked {time}` with `{ time: <RelativeTime … /> }`. */
export const FilledText: React.FunctionComponent<{
  readonly template: string;
  readonly values: Readonly<Record<string, React.ReactNode>>;
}> = ({ template, values }) => (
  <>
    {splitText(template).map((part, index) => (
      <React.Fragment key={index}>{typeof part === 'string' ? part : (values[part.name] ?? `{${part.name}}`)}</React.Fragment>
    ))}
  </>
);

/** A time as the card shows times: relative, exact on hover and focus. */
export const CardTime: React.FunctionComponent<{ readonly time: string }> = ({ time }) => {
  const { strings, formatExact, nowMs } = useCard();
  return <RelativeTime time={time} languageTag={strings.languageTag} formatExact={formatExact} nowMs={nowMs} />;
};
