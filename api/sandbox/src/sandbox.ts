import type { JWTPayload } from 'jose';
import { crms, portFlagOf } from './crms.ts';
import { createClock } from './dataverse/limits/clock.ts';
import { startDataverse } from './dataverse/server.ts';
import { attachForm } from './form/routes.ts';
import { tenantId } from './issuer/identities.ts';
import { startIssuer } from './issuer/server.ts';
import { startNorthwind } from './northwind/server.ts';
import { type SandboxSettings, StartRefused } from './settings.ts';

/** All without a slash at their end. */
export interface SandboxAddresses {
  readonly dataverseUrl: string;
  readonly crmUrl: string;
  readonly issuerUrl: string;
  readonly formUrl: string;
}

export interface RunningSandbox extends SandboxAddresses {
  /** Of the further CRMs that were asked for, e.g. `salesforceUrl`. */
  readonly furtherUrls: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}

interface ServerStart<Server> {
  readonly name: string;
  readonly port: number;
  readonly portFlag: string;
  readonly start: () => Promise<Server>;
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is taken',
  EACCES: 'may not be opened by this user',
  EADDRNOTAVAIL: 'cannot be opened: this machine has no such address (--host)',
  ENOTFOUND: 'cannot be opened: no such host is known (--host)',
};

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '');

const startServer = async <Server>(host: string, { name, port, portFlag, start }: ServerStart<Server>): Promise<Server> => {
  try {
    return await start();
  } catch (error) {
    const reason = reasons[codeOf(error)];
    if (reason === undefined) throw error;
    throw new StartRefused(
      `The sandbox's ${name} cannot start: port ${port} on ${host} ${reason}. Stop what uses it, or choose another with ${portFlag} (0: any free one).`,
    );
  }
};

const withoutSlash = (address: string): string => address.replace(/\/+$/, '');

/** `localhost` and `127.0.0.1` are one place to a person who types an address. */
const placeOf = (audience: string): string | undefined => URL.parse(audience)?.origin.replace('//localhost', '//127.0.0.1');

type Caller = { readonly kind: 'application' | 'person'; readonly clientId?: string; readonly objectId?: string };

/** Who calls Dataverse with this token; null when it is no good, or meant for another server. */
const callerOf = (claims: JWTPayload | null, dataverseUrl: string): Caller | null => {
  const isForDataverse = [claims?.aud ?? []].flat().some((audience) => placeOf(audience) === placeOf(dataverseUrl));
  if (claims === null || !isForDataverse) return null;
  if (claims.idtyp === 'app') return typeof claims.azp === 'string' ? { kind: 'application', clientId: claims.azp } : null;
  return typeof claims.oid === 'string' ? { kind: 'person', objectId: claims.oid } : null;
};

/** Starts the sign-in, Dataverse with its sample form, the CRM, and the further CRMs that were asked for. When one cannot start, those before it are stopped again. */
export const startSandbox = async (settings: SandboxSettings): Promise<RunningSandbox> => {
  const { host, apiUrl, accounts, contacts, seed, webServers, dopHint, isSolutionInstalled, isMicrosoftConnectorInstalled } = settings;
  const running: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(running.splice(0).map((server) => server.close()));
  };
  const start = async <Server extends { close(): Promise<void> }>(server: ServerStart<Server>): Promise<Server> => {
    const started = await startServer(host, server);
    running.push(started);
    return started;
  };

  try {
    const issuer = await start({
      name: 'sign-in',
      port: settings.issuerPort,
      portFlag: '--issuer-port',
      start: () => startIssuer({ host, port: settings.issuerPort }),
    });
    let dataverseUrl = '';
    const dataverse = await start({
      name: 'Dataverse',
      port: settings.dataversePort,
      portFlag: '--dataverse-port',
      start: () =>
        startDataverse({
          host,
          port: settings.dataversePort,
          settings: { isSolutionInstalled, isMicrosoftConnectorInstalled },
          // Asked for requests only, so once it listens and its address is known.
          verifyToken: async (token) => callerOf(await issuer.verify(token), dataverseUrl),
          clock: createClock({ speed: settings.clockSpeed }),
          limits: { isEnforced: settings.limits, isExecutionSimulated: settings.limits, webServers, dopHint, seed },
          attachTo: (app) => attachForm(app, { issuerUrl: issuer.url, apiUrl, tenantId }),
        }),
    });
    dataverseUrl = withoutSlash(dataverse.url);
    const crm = await start({
      name: 'CRM',
      port: settings.crmPort,
      portFlag: '--crm-port',
      start: () => startNorthwind({ host, port: settings.crmPort, accounts, contacts, seed, apiUrl }),
    });
    const furtherUrls: Record<string, string> = {};
    for (const entry of crms) {
      const port = settings.furtherCrmPorts.get(entry.id);
      if (port === undefined) continue;
      const further = await start({
        name: entry.name,
        port,
        portFlag: `--${portFlagOf(entry)}`,
        start: () => entry.start({ host, port, accounts, contacts, seed, apiUrl }),
      });
      furtherUrls[`${entry.id}Url`] = further.url;
    }
    return { dataverseUrl, crmUrl: crm.url, issuerUrl: issuer.url, formUrl: `${dataverseUrl}/form`, furtherUrls, close };
  } catch (error) {
    await close();
    throw error;
  }
};
