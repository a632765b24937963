import { type SandboxCrm, connectToCrm } from './sandbox-crm.ts';
import { type SandboxDataverse, connectToDataverse } from './sandbox-dataverse.ts';
import { requestJson } from './http-json.ts';
import { startReadyProcess } from './ready-process.ts';

export const tenantId = '11111111-1111-4111-8111-111111111111';
export const applicationUser = { clientId: '22222222-2222-4222-8222-222222222222', clientSecret: 'sandbox-secret' } as const;
/** Each has limits of its own in Dataverse. */
export const applicationUsers = [
  applicationUser,
  { clientId: '22222222-2222-4222-8222-222222222223', clientSecret: 'sandbox-secret-2' },
  { clientId: '22222222-2222-4222-8222-222222222224', clientSecret: 'sandbox-secret-3' },
] as const;
export const crmApiKey = 'northwind-sandbox-key';

export type SandboxUser = 'admin' | 'agent' | 'reader' | 'restricted';

export interface SandboxOptions {
  /** Generated companies and people beside the 42 of each in the sample data. */
  readonly accounts?: number;
  readonly contacts?: number;
  readonly seed?: number;
  /** Where the API under test will listen; the sample form asks it. */
  readonly apiUrl?: string;
  /** Enforces Dataverse's service protection limits and simulates its execution time. */
  readonly limits?: boolean;
  readonly webServers?: number;
  readonly dopHint?: number;
  /** How much faster than the machine's Dataverse's clock goes. */
  readonly clockSpeed?: number;
  /** Further CRMs beside Northwind, by the sandbox's names, e.g. `salesforce`. */
  readonly crms?: readonly string[];
}

export interface Sandbox {
  readonly dataverseUrl: string;
  readonly crmUrl: string;
  readonly issuerUrl: string;
  readonly formUrl: string;
  /** Of the further CRMs that were asked for, by their names. */
  readonly crmUrls: Readonly<Record<string, string>>;
  /** A person's token for the API. A negative lifetime gives one that has ended; another audience, one that is not for the API. */
  signIn(user: SandboxUser, options?: { readonly lifetimeSeconds?: number; readonly audience?: string }): Promise<string>;
  /** The application user's token for Dataverse. */
  applicationToken(): Promise<string>;
  readonly crm: SandboxCrm;
  readonly dataverse: SandboxDataverse;
  /** How often the CRM was asked for what, and how its webhooks fared. */
  statistics(): Promise<CrmStatistics>;
  stop(): Promise<void>;
}

export interface CrmStatistics {
  /** E.g. `"GET /api/v1/people": 3`; get many is counted apart as `GET /api/v1/people?ids`. */
  readonly requestsByRoute: Readonly<Record<string, number>>;
  readonly webhooks: { readonly waiting: number; readonly delivered: number; readonly failed: number };
}

interface Addresses {
  readonly dataverseUrl: string;
  readonly crmUrl: string;
  readonly issuerUrl: string;
  readonly formUrl: string;
}

/** Only what is the sandbox's: whoever starts a whole product hands on its other options with these. */
const flagsOf = (options: SandboxOptions): readonly string[] => {
  const { accounts, contacts, seed, apiUrl, limits, webServers, dopHint, clockSpeed, crms = [] } = options;
  const places = { 'api-url': apiUrl, 'web-servers': webServers, 'dop-hint': dopHint, 'clock-speed': clockSpeed };
  const values = { accounts, contacts, seed, ...places };
  const flags = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)]));
  const further = crms.flatMap((crm) => [`--${crm}-port`, '0']);
  return [...flags, ...further, ...(limits === true ? ['--limits'] : [])];
};

/** Starts a sandbox of its own on free ports, in a process that ends with the test's. Takes about a second. */
export const startSandbox = async (options: SandboxOptions = {}): Promise<Sandbox> => {
  const ports = ['--dataverse-port', '0', '--crm-port', '0', '--issuer-port', '0'];
  const { ready, stop } = await startReadyProcess<Addresses & Readonly<Record<string, string>>>({
    args: ['api/sandbox/src/main.ts', ...ports, ...flagsOf(options)],
  });
  const { dataverseUrl, crmUrl, issuerUrl, formUrl } = ready;
  const crmUrls = Object.fromEntries((options.crms ?? []).map((crm) => [crm, ready[`${crm}Url`] ?? '']));

  const applicationToken = async (): Promise<string> => {
    const response = await fetch(`${issuerUrl}/${tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: applicationUser.clientId,
        client_secret: applicationUser.clientSecret,
        scope: `${dataverseUrl}/.default`,
      }),
    });
    return ((await response.json()) as { access_token: string }).access_token;
  };

  return {
    dataverseUrl,
    crmUrl,
    issuerUrl,
    formUrl,
    crmUrls,
    applicationToken,
    signIn: async (user, signInOptions = {}) => {
      const url = `${issuerUrl}/${tenantId}/sandbox/sign-in`;
      const body = { user, ...signInOptions };
      return (await requestJson<{ access_token: string }>(url, { method: 'POST', body })).access_token;
    },
    crm: connectToCrm({ crmUrl, apiKey: crmApiKey }),
    dataverse: connectToDataverse({ dataverseUrl, token: await applicationToken() }),
    statistics: () => requestJson<CrmStatistics>(`${crmUrl}/sandbox/statistics`),
    stop: async () => {
      await stop();
    },
  };
};
