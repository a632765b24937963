import { createMsalTokenProvider, isEntraAuthority } from '../../pcf-control/SourceCrmSync/services/MsalTokenProvider';
import { SignInFailed } from '../../pcf-control/SourceCrmSync/services/TokenProvider';

const tenant = '0f000000-0000-4000-8000-000000000001';
const signal = new AbortController().signal;

interface Fake {
  readonly accounts?: readonly { readonly username: string; readonly tenantId: string }[];
  readonly silent?: () => string;
  readonly session?: () => string;
  readonly popup?: () => string;
  readonly scope?: () => Promise<string>;
  readonly loginHint?: string;
}

const refuse = (code: string) => () => {
  throw new Error(code);
};

/** MSAL by hand: what it is asked, in order, and what it answers. */
const provider = ({ accounts = [], silent, session, popup, scope, loginHint }: Fake) => {
  const asked: string[] = [];
  const configurations: unknown[] = [];
  const answer = (how: string, give: (() => string) | undefined) => async (request: object) => {
    const {
      scopes,
      loginHint: hint,
      account,
      forceRefresh,
    } = request as {
      readonly scopes: readonly string[];
      readonly loginHint?: string;
      readonly account?: { readonly username: string };
      readonly forceRefresh?: boolean;
    };
    const who = account?.username ?? hint ?? '-';
    asked.push(`${how} ${scopes.join()} ${who}${forceRefresh === true ? ' anew' : ''}`);
    return { accessToken: (give ?? refuse(how))() };
  };
  const tokens = createMsalTokenProvider({
    authority: `https://login.microsoftonline.com/${tenant}`,
    clientId: 'control',
    scope: scope ?? (async () => 'api://crm-sync/access'),
    loginHint: async () => loginHint,
    redirectUri: 'https://contoso.crm4.dynamics.com/webresources/blank.html',
    createApplication: (configuration) => {
      configurations.push(configuration);
      return {
        initialize: async () => undefined,
        getAllAccounts: () => accounts,
        acquireTokenSilent: answer('silent', silent),
        ssoSilent: answer('session', session),
        acquireTokenPopup: answer('popup', popup),
      } as never;
    },
  });
  return { tokens, asked, configurations };
};

describe('a sign-in at Entra ID', () => {
  it('asks silently for the account of the person at the form, of this tenant, and for no other', async () => {
    const { tokens, asked } = provider({
      loginHint: 'Ada@contoso.example',
      accounts: [
        { username: 'bob@contoso.example', tenantId: tenant },
        { username: 'ada@contoso.example', tenantId: 'another-tenant' },
        { username: 'ADA@contoso.example', tenantId: tenant },
      ],
      silent: () => 't1',
    });
    expect(await tokens.getToken()).toBe('t1');
    expect(asked).toEqual(['silent api://crm-sync/access ADA@contoso.example']);
  });

  it('uses the browser’s session where MSAL remembers nobody, or no good token', async () => {
    const nobody = provider({ loginHint: 'ada@contoso.example', session: () => 't2' });
    expect(await nobody.tokens.getToken()).toBe('t2');
    expect(nobody.asked).toEqual(['session api://crm-sync/access ada@contoso.example']);
    const expired = provider({ accounts: [{ username: 'ada', tenantId: tenant }], session: () => 't3' });
    expect(await expired.tokens.getToken()).toBe('t3');
    expect(expired.asked).toEqual(['silent api://crm-sync/access ada', 'session api://crm-sync/access -']);
  });

  it('does not guess who of several is at the form', async () => {
    const { tokens, asked } = provider({
      accounts: [
        { username: 'ada', tenantId: tenant },
        { username: 'bob', tenantId: tenant },
      ],
      session: () => 't',
    });
    await tokens.getToken();
    expect(asked).toEqual(['session api://crm-sync/access -']);
  });

  it('opens no window by itself: it fails, and a click may open one', async () => {
    const { tokens, asked } = provider({ loginHint: 'ada', popup: () => 't4' });
    await expect(tokens.getToken()).rejects.toBeInstanceOf(SignInFailed);
    expect(asked).toEqual(['session api://crm-sync/access ada']);
    await tokens.signIn?.(signal);
    expect(asked.at(-1)).toBe('popup api://crm-sync/access ada');
  });

  it('tells a window that was closed or blocked as a sign-in that failed', async () => {
    await expect(provider({ popup: refuse('popup_window_error') }).tokens.signIn?.(signal)).rejects.toBeInstanceOf(SignInFailed);
  });

  it('asks once for all who wait, and anew after the API has refused the token', async () => {
    let given = 0;
    const { tokens, asked } = provider({ accounts: [{ username: 'ada', tenantId: tenant }], silent: () => `t${(given += 1)}` });
    expect(await Promise.all([tokens.getToken(), tokens.getToken()])).toEqual(['t1', 't1']);
    tokens.forgetToken();
    expect(await tokens.getToken()).toBe('t2');
    expect(asked).toEqual(['silent api://crm-sync/access ada', 'silent api://crm-sync/access ada anew']);
  });

  it('starts again after a start that failed, and keeps what it gets in memory only', async () => {
    let tries = 0;
    const { tokens, configurations } = provider({
      session: () => 't',
      scope: async () => {
        tries += 1;
        if (tries === 1) throw new Error('the API is down');
        return 'api://crm-sync/access';
      },
    });
    await expect(tokens.getToken()).rejects.toBeInstanceOf(SignInFailed);
    expect(await tokens.getToken()).toBe('t');
    expect(configurations[1]).toMatchObject({
      auth: { authority: `https://login.microsoftonline.com/${tenant}`, clientId: 'control' },
      cache: { cacheLocation: 'memoryStorage' },
    });
  });

  it.each([
    ['https://login.microsoftonline.com/contoso.example', true],
    ['https://login.microsoftonline.com/', false],
    ['http://login.microsoftonline.com/contoso.example', false],
    ['contoso', false],
  ])('%s is an address of a tenant: %s', (authority, isOne) => {
    expect(isEntraAuthority(authority)).toBe(isOne);
  });
});
