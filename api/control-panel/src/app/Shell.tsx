import { SyncIcon } from '@crm-sync/ui';
import * as React from 'react';
import type { SignedInUser } from '../session/token-provider.ts';
import { words } from '../words/index.ts';
import { Navigation } from './Navigation.tsx';
import { UserMenu } from './UserMenu.tsx';

/** Header, navigation and the place of the page. */
export const Shell: React.FunctionComponent<{ readonly user?: SignedInUser }> = ({ user, children }) => {
  const main = React.useRef<HTMLElement>(null);
  return (
    <div className="shell">
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        {words.navigation.skip}
      </button>
      <header className="header">
        <span className="product">
          <SyncIcon size={20} /> {words.product}
        </span>
        {user && <UserMenu user={user} />}
      </header>
      {user && <Navigation />}
      <main ref={main} tabIndex={-1} className="main">
        {children}
      </main>
    </div>
  );
};
