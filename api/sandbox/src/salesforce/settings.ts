import type { Settings } from '../crm-kit/settings-routes.ts';

export interface SalesforceSettings {
  /** A session ends when it was not used for so long; by default two hours. */
  readonly sessionTimeoutSeconds: number;
  /** Each refresh token works once and brings the next. */
  readonly rotatesRefreshTokens: boolean;
  /** API requests in 24 hours. */
  readonly dailyApiRequests: number;
  /** Most records on a page, whatever the client asks for: wide rows do that. */
  readonly largestPage: number;
  /** How long `nextRecordsUrl` works. */
  readonly cursorLifetimeSeconds: number;
  /** How often a bulk job must be asked for until it is done. */
  readonly bulkPollsUntilDone: number;
  /** Most rows in one part of a bulk job's results. */
  readonly largestBulkPart: number;
}

const positive = { type: 'integer', minimum: 1 } as const;

export const settingsProperties: Readonly<Record<keyof SalesforceSettings, object>> = {
  sessionTimeoutSeconds: positive,
  rotatesRefreshTokens: { type: 'boolean' },
  dailyApiRequests: { type: 'integer', minimum: 0 },
  largestPage: { ...positive, maximum: 2_000 },
  cursorLifetimeSeconds: positive,
  bulkPollsUntilDone: { type: 'integer', minimum: 0 },
  largestBulkPart: positive,
};

/** As in a new organisation. */
export const createSettings = (): Settings<SalesforceSettings> => ({
  current: {
    sessionTimeoutSeconds: 7_200,
    rotatesRefreshTokens: false,
    dailyApiRequests: 100_000,
    largestPage: 2_000,
    // https://developer.salesforce.com/docs/platform/salesforce-app-limits-cheatsheet/guide/salesforce-app-limits-platform-apicursors.html
    cursorLifetimeSeconds: 172_800,
    bulkPollsUntilDone: 2,
    largestBulkPart: 50_000,
  },
});
