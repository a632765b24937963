import type { StoreOptions } from '../../../../api/src/store/open-store.ts';
import type { Store } from '../../../../api/src/store/types.ts';
import { type HandMadeProcess, makeProcess } from '../../../support/hand-made-process.ts';
import { type HandMadeScene, handMadeScene } from '../../../support/hand-made-scene.ts';

export interface TwoProcesses {
  readonly scene: HandMadeScene;
  /** Each call gives it with new locks, as after a restart: what it had in hand before goes on beside it. */
  readonly first: () => HandMadeProcess;
  readonly second: () => HandMadeProcess;
}

/** Called in a `describe`: two processes that share a database, a CRM and a Dataverse, and nothing else. */
export const sceneOfTwoProcesses = (name: string, options: Partial<StoreOptions> = {}): TwoProcesses => {
  const scene = handMadeScene(name, options);
  let otherStore: Store;
  beforeAll(async () => {
    otherStore = await scene.openStore(options);
  });
  return {
    scene,
    first: () => makeProcess(scene),
    second: () => makeProcess({ store: otherStore, source: scene.source, dataverse: scene.dataverse }),
  };
};
