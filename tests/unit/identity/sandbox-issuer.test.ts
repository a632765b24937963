import { startIssuer } from '../../../api/sandbox/src/issuer/server.ts';
import { createTokenVerifier } from '../../../api/src/identity/token-verifier.ts';
import { tenantId } from './issuer.ts';

describe('tokens of the sandbox', () => {
  it('are checked in the same way as Entra’s', async () => {
    const issuer = await startIssuer({ host: '127.0.0.1', port: 0 });
    const signIn = async (user: string) => {
      const response = await fetch(`${issuer.url}/${tenantId}/sandbox/sign-in`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user }),
      });
      return ((await response.json()) as { readonly access_token: string }).access_token;
    };
    const verifier = createTokenVerifier({
      issuer: `${issuer.url}/${tenantId}/v2.0`,
      tenantId,
      audiences: ['api://crm-sync'],
      clock: { nowMs: () => Date.now() },
    });
    expect(await verifier.verify(await signIn('admin'))).toEqual({
      kind: 'person',
      objectId: '33333333-3333-4333-8333-333333333333',
      roles: ['Sync.Admin'],
    });
    expect(await verifier.verify(await signIn('restricted'))).toMatchObject({ roles: ['Sync.Agent'] });
    await issuer.close();
  });
});
