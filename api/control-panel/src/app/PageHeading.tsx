import * as React from 'react';
import { words } from '../words/index.ts';

/** The heading that had the focus last: only a change of page moves the focus, not the first page nor a redraw. */
let shownTitle: string | undefined;

/** A page's one h1: names the browser tab, and takes the focus when the reader came from another page. */
export const PageHeading: React.FunctionComponent<{ readonly title: string }> = ({ title, children }) => {
  const heading = React.useRef<HTMLHeadingElement>(null);
  React.useEffect(() => {
    document.title = words.pageTitle(title);
    if (shownTitle !== undefined && shownTitle !== title) heading.current?.focus();
    shownTitle = title;
  }, [title]);
  return (
    <div className="page-heading">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </div>
  );
};
