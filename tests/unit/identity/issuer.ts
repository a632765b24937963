import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';

export const tenantId = '11111111-1111-4111-8111-111111111111';
export const personId = '44444444-4444-4444-8444-444444444444';

interface SigningKey {
  readonly privateKey: CryptoKey;
  readonly published: JWK;
}

export const newKey = async (kid: string): Promise<SigningKey> => {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  return { privateKey, published: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
};

const send = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

/** An issuer as small as one can be: discovery, keys, and tokens of any shape. */
export class Issuer {
  key: SigningKey;
  /** Overrides what the discovery document says. */
  discovery: object = {};
  /** Status of every answer; 200 is health. */
  status = 200;
  readonly requests: string[] = [];
  nowMs = Date.parse('2026-11-20T12:00:00Z');
  readonly #server = createServer((request, response) => {
    const path = request.url ?? '';
    this.requests.push(path);
    if (this.status !== 200) return send(response, this.status, {});
    if (path.endsWith('/openid-configuration'))
      return send(response, 200, { issuer: this.issuer, jwks_uri: `${this.url}/keys`, ...this.discovery });
    return send(response, 200, { keys: [this.key.published] });
  });

  private constructor(key: SigningKey) {
    this.key = key;
  }

  static async start(): Promise<Issuer> {
    const issuer = new Issuer(await newKey('first'));
    await new Promise<void>((resolve) => issuer.#server.listen(0, '127.0.0.1', resolve));
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get issuer(): string {
    return `${this.url}/${tenantId}/v2.0`;
  }

  get nowSeconds(): number {
    return Math.floor(this.nowMs / 1000);
  }

  /** The claims of a good person's token. */
  claims(changes: JWTPayload = {}): JWTPayload {
    return {
      iss: this.issuer,
      aud: 'api://crm-sync',
      tid: tenantId,
      oid: personId,
      sub: 'a-pairwise-subject',
      scp: 'access_as_user',
      azp: '99999999-9999-4999-8999-999999999999',
      roles: ['Sync.Agent'],
      iat: this.nowSeconds,
      nbf: this.nowSeconds,
      exp: this.nowSeconds + 3600,
      ...changes,
    };
  }

  token(changes: JWTPayload = {}, header: Partial<JWTHeaderParameters> = {}, key: CryptoKey = this.key.privateKey): Promise<string> {
    return new SignJWT(this.claims(changes)).setProtectedHeader({ alg: 'RS256', kid: this.key.published.kid, ...header }).sign(key);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
