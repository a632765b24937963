import type { WebhookHealthBody } from '../../../api/src/contract/deliveries.ts';
import { AppError } from '../../../api/src/errors/app-error.ts';
import { createSources } from '../../../api/src/sync/sources.ts';
import type { Source } from '../../../api/src/sync/types.ts';
import { createWebhookWatch } from '../../../api/src/webhooks/watch-webhooks.ts';
import { makeCrm } from '../../support/ports.ts';

const door = {
  verify: () => {
    throw new AppError('webhook.unauthorised', { reason: 'signature' });
  },
  hookOf: () => '',
  hooks: [''],
  carriesRecords: false,
};
const withWebhook = (id: string): Source => {
  const { source } = makeCrm(id, () => 0);
  return { ...source, connector: { ...source.connector, webhook: door } };
};

interface World {
  readonly sources: readonly Source[];
  isSilent?: boolean;
  dueIn?: string;
  /** Whose webhook has deliveries that wait. */
  waitsIn?: string;
  /** Whose look at the store fails. */
  broken?: string;
}

const watching = (world: World) => {
  const told: string[] = [];
  const sent: string[] = [];
  const tidied: string[] = [];
  const watch = createWebhookWatch({
    sources: createSources(world.sources),
    health: async ({ id }): Promise<WebhookHealthBody | null> => {
      if (id === world.broken) throw new AppError('store.unavailable', { problem: 'away' });
      const address = `https://sync.example.com/webhooks/${id}`;
      const counts = { lastDay: 0, waiting: id === world.waitsIn ? 3 : 0, isSilent: world.isSilent ?? false, secrets: [], refused: [] };
      return { hooks: [{ address, ...counts }], erasuresWaiting: 0 };
    },
    deliveries: { tidy: async (sourceId) => void tidied.push(sourceId) },
    erasures: { due: async (sourceId, table) => (sourceId === world.dueIn && table === 'contact' ? ['7'] : []) },
    jobs: { send: async (queue, data) => void sent.push(`${queue} ${data.sourceId}`) },
    clock: { nowMs: () => 0 },
    log: { info: (_details, message) => void told.push(message), warn: (_details, message) => void told.push(message) },
  });
  return { watch, told, sent, tidied };
};

describe('the watch over webhooks', () => {
  it('says once that a webhook has gone silent, once that it is heard again, and says it anew the next time', async () => {
    const world: World = { sources: [withWebhook('crm')] };
    const { watch, told } = watching(world);
    for (const isSilent of [false, true, true, true, false, false, true]) {
      world.isSilent = isSilent;
      await watch();
    }
    const silent = 'a webhook has been silent for longer than is usual for it';
    expect(told).toEqual([silent, 'a webhook that was silent is heard again', silent]);
  });

  it('has the workers of a source look where somebody is to be erased by now, and only there', async () => {
    const { watch, sent } = watching({ sources: [withWebhook('one'), withWebhook('two')], dueIn: 'two' });
    await watch();
    expect(sent).toEqual(['inbox two']);
  });

  it('has the workers of a source look where deliveries wait: whoever took them may have died before it had called one', async () => {
    const { watch, sent } = watching({ sources: [withWebhook('one'), withWebhook('two')], waitsIn: 'one' });
    await watch();
    expect(sent).toEqual(['inbox one']);
  });

  it('looks at the other sources when one cannot be looked at, and tells of that', async () => {
    const { watch, told, tidied } = watching({ sources: [withWebhook('one'), withWebhook('two')], broken: 'one' });
    await watch();
    expect(tidied).toEqual(['two']);
    expect(told).toEqual(['webhooks could not be looked at']);
  });

  it('leaves a source alone that has no webhook', async () => {
    const { watch, tidied } = watching({ sources: [makeCrm('plain', () => 0).source] });
    await watch();
    expect(tidied).toEqual([]);
  });
});
