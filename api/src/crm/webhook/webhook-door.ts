import type { IdReader } from '../reader/record-id.ts';
import type { TableName } from '../types.ts';
import { createHook, type Hook, refuse } from './hook.ts';
import type { HookBodies } from './hooks-of.ts';
import type { WebhookDoor } from './types.ts';

/** A source's webhooks: the main one at /webhooks/{source}, others at /webhooks/{source}/{name}. */
export const createWebhookDoor = (options: {
  readonly sourceId: string;
  readonly bodies: HookBodies;
  readonly settings: Readonly<Record<string, string>>;
  readonly furtherSecrets?: Readonly<Record<string, readonly string[]>>;
  readonly idReaders: Readonly<Partial<Record<TableName, IdReader>>>;
}): WebhookDoor => {
  const { bodies, ...shared } = options;
  const opened = new Map([...bodies].map(([name, webhooks]) => [name, createHook({ ...shared, webhooks })] as const));

  const named = ([first = '']: readonly string[]): string => (opened.has(first) ? first : '');

  /** The webhook that an address means, and what stands behind its own part. */
  const find = (segments: readonly string[]): readonly [Hook, readonly string[]] => {
    const name = named(segments);
    const hook = opened.get(name);
    const rest = name === '' ? segments : segments.slice(1);
    if (hook === undefined || rest.length !== hook.restLength) throw refuse('address');
    return [hook, rest];
  };

  const hooks = [...opened.keys()];
  return {
    hooks,
    hookOf: (segments) => (hooks.includes(named(segments)) ? named(segments) : null),
    carriesRecords: [...bodies.values()].some(({ events }) => events.some(({ record }) => record !== undefined)),
    verify: (request, nowMs) => {
      const [hook, rest] = find(request.segments ?? []);
      return hook.receive(request, rest, nowMs);
    },
  };
};
