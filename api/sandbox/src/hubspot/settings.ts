/** How this portal behaves; the sandbox's switch changes it. */
export interface HubSpotSettings {
  /** How long search does not see a change yet. */
  readonly searchLagMs: number;
  /** Of the private app; an OAuth app has 110, https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines. */
  readonly requestsPerTenSeconds: number;
  readonly requestsPerDay: number;
  readonly searchesPerSecond: number;
  /** What the app may do. */
  readonly scopes: readonly string[];
  readonly accessTokenSeconds: number;
}

export const defaultSettings: HubSpotSettings = {
  searchLagMs: 5_000,
  requestsPerTenSeconds: 190,
  requestsPerDay: 650_000,
  searchesPerSecond: 5,
  scopes: ['crm.objects.companies.read', 'crm.objects.companies.write', 'crm.objects.contacts.read', 'crm.objects.contacts.write', 'oauth'],
  accessTokenSeconds: 1_800,
};

/** An app that others install by OAuth. */
export const oauthRequestsPerTenSeconds = 110;

const count = { type: 'integer', minimum: 0 } as const;

export const settingsProperties = {
  searchLagMs: count,
  requestsPerTenSeconds: count,
  requestsPerDay: count,
  searchesPerSecond: count,
  scopes: { type: 'array', items: { type: 'string' } },
  accessTokenSeconds: count,
} as const;
