import type { Manifest } from '../manifest/schema/manifest.ts';
import type { WebhooksBody } from '../manifest/schema/webhook.ts';

/** What a manifest says of its webhooks, by their names; the main one's is empty. */
export type HookBodies = ReadonlyMap<string, WebhooksBody>;

export const hooksOf = ({ webhooks, moreWebhooks = {} }: Pick<Manifest, 'webhooks' | 'moreWebhooks'>): HookBodies =>
  new Map([...(webhooks === undefined ? [] : [['', webhooks] as const]), ...Object.entries(moreWebhooks)]);
