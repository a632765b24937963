import axios, { isAxiosError } from 'axios';
import { AppError } from '../../errors/app-error.ts';
import type { Clock } from '../runtime.ts';
import type { TokenIssuer } from './cached-token-source.ts';
import type { SignInConfig } from './types.ts';

interface TokenAnswer {
  readonly access_token?: unknown;
  readonly expires_in?: unknown;
  readonly error?: unknown;
}

/** An OAuth error code is one of a few words; anything else is not repeated. */
const safeCode = (value: unknown, status: number): string =>
  typeof value === 'string' && /^[a-z_]{1,40}$/.test(value) ? value : `HTTP ${status}`;

/**
 * Client credentials posted to the sandbox's issuer, which speaks http: @azure/identity refuses that, and rightly so.
 * RFC 6749, 4.4. Only reached for a loopback address.
 */
export const loopbackIssuer = (config: SignInConfig, clock: Clock): TokenIssuer => {
  const url = `${config.authority.replace(/\/+$/, '')}/${encodeURIComponent(config.tenantId)}/oauth2/v2.0/token`;
  return {
    issue: async ({ signal }) => {
      const form = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: config.clientId,
        client_secret: config.clientSecret ?? '',
        scope: `${config.resource}/.default`,
      });
      try {
        const { status, data } = await axios.post<TokenAnswer | undefined>(url, form.toString(), {
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          proxy: false,
          maxRedirects: 0,
          validateStatus: () => true,
          signal,
        });
        if (status !== 200 || typeof data?.access_token !== 'string' || typeof data.expires_in !== 'number') {
          throw new AppError('dataverse.unauthorised', { problem: safeCode(data?.error, status) });
        }
        return { value: data.access_token, expiresAtMs: clock.nowMs() + data.expires_in * 1000 };
      } catch (error) {
        // axios' error holds the form with its secret: only its code goes on.
        if (isAxiosError(error))
          throw new AppError('dataverse.unreachable', { host: new URL(url).host, problem: error.code ?? 'no answer' });
        throw error;
      }
    },
  };
};
