import Type from 'typebox';
import { textEnum } from './parts.ts';

export const BrowserSignInSchema = Type.Object(
  {
    address: Type.String({ description: 'To be opened in a browser' }),
    state: Type.String(),
    redirectUri: Type.String({ description: 'What the CRM must know as an address to send browsers back to' }),
  },
  { $id: 'BrowserSignIn' },
);
export const SignedInSchema = Type.Object({ sourceId: Type.String() }, { $id: 'SignedIn' });
export const FinishSignInSchema = Type.Object(
  { state: Type.String({ minLength: 1, maxLength: 200 }), code: Type.String({ minLength: 1, maxLength: 4000 }) },
  { $id: 'FinishSignIn' },
);

/** How a browser signs in; kind `local` is the sandbox's issuer. */
export const ClientConfigurationSchema = Type.Object(
  {
    signIn: Type.Object({
      kind: textEnum(['entra', 'local'], 'local: the sandbox’s own issuer'),
      authority: Type.String(),
      clientId: Type.String(),
      scope: Type.String(),
    }),
  },
  { $id: 'ClientConfiguration' },
);
