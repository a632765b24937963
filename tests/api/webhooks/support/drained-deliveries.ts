import { randomBytes } from 'node:crypto';
import type { TableName, WebhookAction } from '../../../../api/src/crm/types.ts';
import { drainInbox, type InboxDependencies } from '../../../../api/src/webhooks/drain-inbox.ts';
import { systemClock } from '../../../support/databases.ts';
import { makeProcess } from '../../../support/hand-made-process.ts';
import { handMadeScene } from '../../../support/hand-made-scene.ts';

const never = new AbortController().signal;

/** Called in a `describe`: deliveries of one source that are stored, and drained into the pipeline when the test says so. */
export const sceneOfDeliveries = (name: string) => {
  const scene = handMadeScene(name, { sealKeys: [randomBytes(32)] });
  /** Nobody is waited for: a test that lets deliveries gather says until when. */
  const work = (): InboxDependencies => ({ ...makeProcess(scene), sleep: async () => undefined });

  let deliveries = 0;
  return {
    scene,
    work,
    /** By a process of its own, in which some things are changed; one turn of so many batches. */
    drain: (changes: Partial<InboxDependencies> = {}, batches?: number) =>
      drainInbox(scene.source.id, { ...work(), ...changes }, never, batches),
    /** Gives the delivery's key. */
    put: async (table: TableName, recordIds: readonly string[], action: WebhookAction = 'upsert'): Promise<string> => {
      deliveries += 1;
      const deliveryKey = `d${deliveries}`;
      const events = [{ table, recordIds, action }];
      await scene.store.inbox.put({ deliveryKey, sourceId: scene.source.id, receivedOnMs: systemClock.nowMs(), events });
      return deliveryKey;
    },
  };
};
