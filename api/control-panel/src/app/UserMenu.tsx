import { ActionButton } from '@fluentui/react';
import * as React from 'react';
import { PersonIcon } from '../components/icons.tsx';
import { type LocalUserName, localUserNames } from '../session/local-token-provider.ts';
import { useSignIn } from '../session/SignInContext.ts';
import type { SignedInUser } from '../session/token-provider.ts';
import { words } from '../words/index.ts';

const roleOf: Readonly<Record<LocalUserName, string>> = { admin: words.signIn.administrator, agent: words.signIn.agent };

/** Who is signed in, and the sandbox's other people: the panel can be seen as someone who may not use it. */
export const UserMenu: React.FunctionComponent<{ readonly user: SignedInUser }> = ({ user }) => {
  const { signInAs, signOut } = useSignIn();
  return (
    <ActionButton
      className="user-menu"
      menuProps={{
        items: [
          ...localUserNames.map((name) => ({
            key: name,
            text: words.signIn.switchTo(roleOf[name]),
            onClick: () => signInAs(name),
          })),
          { key: 'out', text: words.signIn.signOut, onClick: signOut },
        ],
      }}
    >
      <PersonIcon /> <span className="user-name">{words.signIn.signedInAs(user.name)}</span>
    </ActionButton>
  );
};
