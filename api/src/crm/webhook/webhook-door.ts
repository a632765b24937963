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
  readonly idReaders: Readonly<Partial<Record<TableName, IdReader>>>;
}): WebhookDoor => {
  const { webhooks, moreWebhooks = {}, ...shared } = options;
  const main = webhooks === undefined ? null : createHook({ ...shared, webhooks });
  const others = new Map(Object.entries(moreWebhooks).map(([name, body]) => [name, createHook({ ...shared, webhooks: body })] as const));

  /** The webhook that an address means, and what stands behind its own part. */
  const find = (segments: readonly string[]): readonly [Hook, readonly string[]] => {
    const [name = '', ...more] = segments;
    const other = others.get(name) ?? null;
    const hook = other ?? main;
    const rest = other === null ? segments : more;
    if (hook === null || rest.length !== hook.restLength) throw refuse('address');
    return [hook, rest];
  };

  return {
    verify: (request, nowMs) => {
      const [hook, rest] = find(request.segments ?? []);
      return hook.receive(request, rest, nowMs);
    },
  };
};
