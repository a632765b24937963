import * as React from 'react';

/** Below this, a line of words would be more ellipsis than words. In CSS pixels, so a page zoomed to 200 % counts as half as wide. */
export const narrowBelowPx = 280;

/**
 * Whether the box is too narrow for words. Measured here and not asked of the host, which tells a width only to some controls and
 * -1 to the rest; measured before the first paint, so that nothing jumps. A box that is not laid out (width 0) is not narrow.
 */
export const useIsNarrow = (box: React.RefObject<HTMLElement>): boolean => {
  const [isNarrow, setNarrow] = React.useState(false);
  React.useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const measure = () => setNarrow(element.offsetWidth > 0 && element.offsetWidth < narrowBelowPx);
    measure();
    if (typeof ResizeObserver === 'undefined') return undefined;
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  return isNarrow;
};
