/** HubSpot's records as it keeps them. Every value is text or null, whatever its type; ids are digits. */

export type ObjectType = 'contacts' | 'companies';

export type PropertyValues = Readonly<Record<string, string | null>>;

export interface CrmObject {
  readonly id: string;
  /** Without those that HubSpot keeps by itself (see system-values.ts). */
  readonly values: PropertyValues;
  /** ISO-8601, UTC, milliseconds, so that text order is time order. */
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly archivedAt: string | null;
  /** Records that were merged into this one. */
  readonly mergedIds: readonly string[];
}

export type ChangeSource = 'API' | 'CRM_UI';

/** What happened, as a webhook tells it, without the envelope. https://developers.hubspot.com/docs/api-reference/latest/webhooks/guide */
export interface PortalEvent {
  readonly subscriptionType: string;
  readonly occurredAtMs: number;
  readonly changeSource: ChangeSource;
  /** Of propertyChange: a subscription names one property. */
  readonly propertyName?: string;
  /** What this type of event tells, e.g. `objectId`. */
  readonly details: Readonly<Record<string, unknown>>;
}
