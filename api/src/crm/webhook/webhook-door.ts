import type { WebhooksBody } from '../manifest/schema/webhook.ts';
import type { IdReader } from '../reader/record-id.ts';
import type { TableName, WebhookDoor } from '../types.ts';
import { createHook, type Hook, refuse } from './hook.ts';

/** A source's webhooks: the main one at /webhooks/{source}, others at /webhooks/{source}/{name}. */
export const createWebhookDoor = (options: {
  readonly sourceId: string;
  readonly webhooks: WebhooksBody | undefined;
  readonly moreWebhooks?: Readonly<Record<string, WebhooksBody>>;
  readonly settings: Readonly<Record<string, string>>;
  readonly furtherSecrets?: Readonly<Record<string, readonly string[]>>;
  readonly idReaders: Readonly<Partial<Record<TableName, IdReader>>>;
}): WebhookDoor => {
  const { webhooks, moreWebhooks = {}, ...shared } = options;
  const main = webhooks === undefined ? null : createHook({ ...shared, webhooks });
  const others = new Map(Object.entries(moreWebhooks).map(([name, body]) => [name, createHook({ ...shared, webhooks: body })] as const));

  const named = (segments: readonly string[]): string => (others.has(segments[0] ?? '') ? (segments[0] ?? '') : '');

  /** The webhook that an address means, and what stands behind its own part. */
  const find = (segments: readonly string[]): readonly [Hook, readonly string[]] => {
    const name = named(segments);
    const hook = name === '' ? main : (others.get(name) ?? null);
    const rest = name === '' ? segments : segments.slice(1);
    if (hook === null || rest.length !== hook.restLength) throw refuse('address');
    return [hook, rest];
  };

  const hooks = [...(main === null ? [] : ['']), ...others.keys()];
  return {
    hooks,
    hookOf: (segments) => (hooks.includes(named(segments)) ? named(segments) : null),
    carriesRecords: [...(webhooks === undefined ? [] : [webhooks]), ...Object.values(moreWebhooks)].some(({ events }) =>
      events.some(({ record }) => record !== undefined),
    ),
    verify: (request, nowMs) => {
      const [hook, rest] = find(request.segments ?? []);
      return hook.receive(request, rest, nowMs);
    },
  };
};
