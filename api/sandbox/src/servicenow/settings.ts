import type { Settings } from '../crm-kit/settings-routes.ts';

export interface ServiceNowSettings {
  /** The property instance_name: which instance this is. */
  readonly instanceName: string;
  /** The property glide.invalid_query.returns_no_rows: what a clause that makes no sense does to a query. Off, it is dropped. */
  readonly returnsNoRowsForInvalidQuery: boolean;
  /** Of the rule that limits this user; null: there is no rule. */
  readonly requestsPerHour: number | null;
  /** How long an access token lives. */
  readonly accessTokenSeconds: number;
  readonly refreshTokenSeconds: number;
  /** glide.oauth.inbound.client.credential.grant_type.enabled */
  readonly isClientCredentialsEnabled: boolean;
  /** The opposite of glide.oauth.inbound.ropc.grant_type.disabled. */
  readonly isPasswordGrantEnabled: boolean;
  /** Every so-manieth row, by sys_id, is one that row ACLs hide from the user; 0: none is. */
  readonly hidesEvery: number;
  /** Tables that the user may not read at all. */
  readonly forbiddenTables: readonly string[];
  /** Do deletions leave a line in sys_audit_delete? */
  readonly isDeleteAudited: boolean;
  /** The user's time zone: of display values and of what scripts in a query mean. */
  readonly timeZone: string;
  /** A developer instance that nobody used: it answers everything with a page. */
  readonly isHibernating: boolean;
}

const flag = { type: 'boolean' } as const;
const count = { type: 'integer', minimum: 0 } as const;

export const settingsProperties: Readonly<Record<keyof ServiceNowSettings, object>> = {
  instanceName: { type: 'string', minLength: 1 },
  returnsNoRowsForInvalidQuery: flag,
  requestsPerHour: { type: ['integer', 'null'], minimum: 0 },
  accessTokenSeconds: { type: 'integer', minimum: 1 },
  refreshTokenSeconds: { type: 'integer', minimum: 1 },
  isClientCredentialsEnabled: flag,
  isPasswordGrantEnabled: flag,
  hidesEvery: count,
  forbiddenTables: { type: 'array', items: { type: 'string' } },
  isDeleteAudited: flag,
  timeZone: { type: 'string', enum: Intl.supportedValuesOf('timeZone').concat('UTC') },
  isHibernating: flag,
};

/** As on a new instance, except that an admin allowed client credentials. */
export const createSettings = (): Settings<ServiceNowSettings> => ({
  current: {
    instanceName: 'northwind',
    returnsNoRowsForInvalidQuery: false,
    requestsPerHour: null,
    accessTokenSeconds: 1_800,
    refreshTokenSeconds: 8_640_000,
    isClientCredentialsEnabled: true,
    isPasswordGrantEnabled: true,
    hidesEvery: 0,
    forbiddenTables: [],
    isDeleteAudited: true,
    timeZone: 'America/Los_Angeles',
    isHibernating: false,
  },
});
