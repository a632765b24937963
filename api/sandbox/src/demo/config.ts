import { stringify } from 'yaml';
import { apiAudience, applicationUser, tenantId } from '../issuer/identities.ts';
import { northwindApiKey } from '../northwind/server.ts';

export interface DemoPlaces {
  readonly dataverseUrl: string;
  readonly crmUrl: string;
  readonly issuerUrl: string;
  readonly apiUrl: string;
  readonly storeFolder: string;
}

/** The signing secret of the demo's webhook; a real one comes from the CRM. */
export const demoHookSecret = 'whsec_Y3JtLXN5bmMtZGVtby1ob29rLXNlY3JldC0wMDAx';

/** The same file that an admin writes for a real tenant, with the sandbox's addresses. */
export const demoConfig = ({ dataverseUrl, crmUrl, issuerUrl, apiUrl, storeFolder }: DemoPlaces): string =>
  stringify({
    dataverse: {
      url: dataverseUrl,
      authority: issuerUrl,
      tenantId,
      clientId: applicationUser.clientId,
      clientSecret: { env: 'SANDBOX_CLIENT_SECRET' },
    },
    api: { host: '127.0.0.1', port: Number(new URL(apiUrl).port), publicUrl: apiUrl, allowedOrigins: [dataverseUrl] },
    identity: {
      kind: 'local',
      authority: `${issuerUrl}/${tenantId}`,
      tenantId,
      audience: [apiAudience],
      clientId: 'crm-sync-sandbox',
      scope: `${apiAudience}/.default`,
    },
    store: { folder: storeFolder },
    sources: [
      {
        id: 'northwind',
        connector: 'northwind',
        settings: { baseUrl: crmUrl, apiKey: { env: 'NORTHWIND_API_KEY' }, hookSecret: { env: 'NORTHWIND_HOOK_SECRET' } },
        allowPrivateNetwork: true,
      },
    ],
  });

/** Secrets come through the environment, as they would in production. The demo never touches a database that is configured elsewhere. */
export const demoEnvironment = (environment: NodeJS.ProcessEnv, configFile: string): NodeJS.ProcessEnv => {
  const { DATABASE_URL: _unused, ...others } = environment;
  return {
    ...others,
    CRM_SYNC_CONFIG: configFile,
    CRM_SYNC_STOP_WITH_STDIN: '1',
    SANDBOX_CLIENT_SECRET: applicationUser.clientSecret,
    NORTHWIND_API_KEY: northwindApiKey,
    NORTHWIND_HOOK_SECRET: demoHookSecret,
  };
};
