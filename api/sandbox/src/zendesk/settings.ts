/** How this account behaves; the sandbox's switch changes it. */
export interface ZendeskSettings {
  /** By plan: Team 200, Growth and Professional 400, Enterprise 700. https://developer.zendesk.com/api-reference/introduction/rate-limits/ */
  readonly requestsPerMinute: number;
  /** 30 with the High Volume add-on. */
  readonly incrementalRequestsPerMinute: number;
  /** `creationRefused` since 2026-10-27, `deactivated` from 2027-04-30 on. */
  readonly apiTokens: 'allowed' | 'creationRefused' | 'deactivated';
  /** Whose rights the callers have: exports and webhooks are for admins. */
  readonly callerRole: 'admin' | 'agent';
  readonly accessTokenSeconds: number;
  readonly refreshTokenDays: number;
  /** The list of event types spells a few with a slash (`zen:event-type/user.merged`), the rest with a colon. */
  readonly eventSpelling: 'colon' | 'slash';
  /** Where the ids of the system's ticket fields begin: another account has others, and they never change. */
  readonly systemFieldsFrom: number;
}

export const defaultSettings: ZendeskSettings = {
  requestsPerMinute: 700,
  incrementalRequestsPerMinute: 10,
  apiTokens: 'allowed',
  callerRole: 'admin',
  accessTokenSeconds: 1_800,
  refreshTokenDays: 30,
  eventSpelling: 'colon',
  systemFieldsFrom: 360_000_000_100,
};

const count = { type: 'integer', minimum: 0 } as const;

export const settingsProperties = {
  requestsPerMinute: count,
  incrementalRequestsPerMinute: count,
  apiTokens: { enum: ['allowed', 'creationRefused', 'deactivated'] },
  callerRole: { enum: ['admin', 'agent'] },
  accessTokenSeconds: count,
  refreshTokenDays: count,
  eventSpelling: { enum: ['colon', 'slash'] },
  systemFieldsFrom: count,
} as const;
