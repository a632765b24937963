/** @jest-environment ./tests/pcf/support/browser-environment.cjs */
import { createSandboxTokenProvider, isSandboxAuthority } from '../../pcf-control/SourceCrmSync/services/SandboxTokenProvider';
import { SignInFailed } from '../../pcf-control/SourceCrmSync/services/TokenProvider';
import { type LocalServices, startLocalServices } from './support/local-services';

let services: LocalServices;
beforeEach(async () => {
  services = await startLocalServices();
});
afterEach(() => services.close());

describe('the sandbox’s sign-in', () => {
  it('happens once for many requests at a time', async () => {
    const tokens = createSandboxTokenProvider({ authority: services.authority });
    const given = await Promise.all([tokens.getToken(), tokens.getToken(), tokens.getToken()]);
    expect(new Set(given)).toEqual(new Set(['token-1-of-agent']));
  });

  it('is repeated before a token ends, not after', async () => {
    let nowMs = 0;
    const tokens = createSandboxTokenProvider({ authority: services.authority, nowMs: () => nowMs });
    await tokens.getToken();
    nowMs = 3_539_000;
    expect(await tokens.getToken()).toBe('token-1-of-agent');
    nowMs = 3_540_000;
    expect(await tokens.getToken()).toBe('token-2-of-agent');
  });

  it('that fails is tried anew the next time', async () => {
    let isDown = true;
    const tokens = createSandboxTokenProvider({
      authority: services.authority,
      fetch: (url, init) => (isDown ? Promise.reject(new TypeError('down')) : fetch(url, init)),
    });
    await expect(tokens.getToken()).rejects.toBeInstanceOf(SignInFailed);
    isDown = false;
    expect(await tokens.getToken()).toBe('token-1-of-agent');
  });

  it.each(['{}', '[]', 'null', '{"access_token":5}', 'not json'])('refuses the answer %p', async (body) => {
    const tokens = createSandboxTokenProvider({ authority: services.authority, fetch: () => Promise.resolve(new Response(body)) });
    await expect(tokens.getToken()).rejects.toBeInstanceOf(SignInFailed);
  });
});

describe('isSandboxAuthority', () => {
  it.each(['http://127.0.0.1:4530/tenant', 'http://localhost/tenant', 'http://[::1]:4530/t'])('%s is this machine', (authority) =>
    expect(isSandboxAuthority(authority)).toBe(true),
  );
  it.each([
    'https://login.microsoftonline.com/t',
    'http://127.0.0.1.evil.example/t',
    'https://127.0.0.1/t',
    'http://localhost@evil.example/',
    '',
  ])('%p is not', (authority) => expect(isSandboxAuthority(authority)).toBe(false));
});
