import * as React from 'react';
import { type Page, hashOf, pageOf } from './routes.ts';

export const goTo = (page: Exclude<Page, { name: 'unknown' }>): void => {
  location.hash = hashOf(page);
};

/** The page that the address names, now and whenever it changes. */
export const usePage = (): Page => {
  const [page, setPage] = React.useState(() => pageOf(location.hash));
  React.useEffect(() => {
    const follow = () => setPage(pageOf(location.hash));
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  return page;
};
