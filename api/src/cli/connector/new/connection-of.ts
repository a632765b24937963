import type { AuthBody } from '../../../crm/manifest/schema/auth.ts';
import type { ConnectionBody, SettingBody } from '../../../crm/manifest/schema/connection.ts';
import type { Answers } from './answers.ts';

export interface PlannedConnection {
  readonly connection: ConnectionBody;
  readonly auth: AuthBody;
  /** Of `settings.address`, for the probe and as an example. */
  readonly origin: string;
}

const secret = (title: string, help: string): SettingBody => ({ type: 'secret', title, help });
const whereToFind = 'Where in the CRM to find it.';

const signInOf = ({ signIn }: Answers): { readonly auth: AuthBody; readonly settings: Readonly<Record<string, SettingBody>> } => {
  switch (signIn.kind) {
    case 'none':
      return { auth: { kind: 'none' }, settings: {} };
    case 'apiKey':
      return {
        auth: { kind: 'apiKey', in: signIn.in ?? 'header', name: signIn.name, value: '{{settings.apiKey}}' },
        settings: { apiKey: secret('API key', whereToFind) },
      };
    case 'bearer':
      return {
        auth: { kind: 'bearer', token: '{{settings.token}}', ...(signIn.scheme === undefined ? {} : { scheme: signIn.scheme }) },
        settings: { token: secret('Access token', whereToFind) },
      };
    case 'basic':
      return {
        auth: { kind: 'basic', user: '{{settings.userName}}', password: '{{settings.password}}' },
        settings: {
          userName: { type: 'text', title: 'User name' },
          password: secret('Password', 'Of an integration user that may only read.'),
        },
      };
    case 'oauth2':
      return {
        auth: {
          kind: 'oauth2',
          grant: 'clientCredentials',
          tokenUrl: signIn.tokenUrl,
          clientId: '{{settings.clientId}}',
          clientSecret: '{{settings.clientSecret}}',
          ...(signIn.scope === undefined ? {} : { scope: signIn.scope }),
        },
        settings: { clientId: { type: 'text', title: 'Client id' }, clientSecret: secret('Client secret', whereToFind) },
      };
  }
};

/** Where the CRM is, and how requests sign in. The host becomes a setting, so that the manifest serves other companies too. */
export const connectionOf = (answers: Answers): PlannedConnection => {
  const { origin, pathname } = new URL(answers.address);
  const { auth, settings } = signInOf(answers);
  const address: SettingBody = { type: 'url', title: 'Address of the CRM', example: origin };
  return {
    origin,
    auth,
    connection: { settings: { address, ...settings }, baseUrl: `{{settings.address}}${pathname.replace(/\/+$/, '')}` },
  };
};
