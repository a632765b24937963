import { randomBytes } from 'node:crypto';
import type { TableName } from '../../../../api/src/crm/types.ts';
import type { WebhookAction } from '../../../../api/src/crm/webhook/types.ts';
import { drainInbox, type InboxDependencies } from '../../../../api/src/webhooks/drain-inbox.ts';
import { deliver } from '../../../support/doors.ts';
import { makeProcess } from '../../../support/hand-made-process.ts';
import { handMadeScene } from '../../../support/hand-made-scene.ts';

const never = new AbortController().signal;

/** Called in a `describe`: deliveries of one source that are stored, and drained into the pipeline when the test says so. */
export const sceneOfDeliveries = (name: string) => {
  const scene = handMadeScene(name, { sealKeys: [randomBytes(32)] });
  /** Nobody is waited for: a test that lets deliveries gather says until when. */
  const work = (): InboxDependencies => ({ ...makeProcess(scene), sleep: async () => undefined });

  return {
    scene,
    work,
    /** By a process of its own, in which some things are changed; one turn of so many batches. */
    drain: (changes: Partial<InboxDependencies> = {}, batches?: number) =>
      drainInbox(scene.source.id, { ...work(), ...changes }, never, batches),
    /** Gives the delivery's key. */
    put: (table: TableName, recordIds: readonly string[], action?: WebhookAction): Promise<string> =>
      deliver({ inbox: scene.store.inbox, source: scene.source }, table, recordIds, action),
  };
};
