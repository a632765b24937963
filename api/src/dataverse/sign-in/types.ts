import type { Clock, Log } from '../runtime.ts';

export interface TokenSource {
  /** A token that is good for at least half a minute. Throws `dataverse.unauthorised` or `dataverse.unreachable`. */
  getToken(signal: AbortSignal): Promise<string>;
  /** The token was refused: the next call gets a new one. */
  invalidate(): void;
}

export interface SignInConfig {
  /** e.g. https://login.microsoftonline.com; plain http only on a loopback address (the sandbox's issuer). */
  readonly authority: string;
  readonly tenantId: string;
  readonly clientId: string;
  /** Without one, whatever identity the machine has: managed identity, workload identity, a developer's `az login`. */
  readonly clientSecret?: string;
  /** The environment, e.g. https://contoso.crm4.dynamics.com; becomes the scope `{resource}/.default`. */
  readonly resource: string;
}

export interface SignInDeps {
  readonly clock: Clock;
  readonly log?: Log;
  /** PEM of a private certificate authority, for an issuer that only it vouches for. */
  readonly certificateAuthority?: string;
}
