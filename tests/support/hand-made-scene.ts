import type { StoreOptions } from '../../api/src/store/open-store.ts';
import type { Store } from '../../api/src/store/types.ts';
import type { Source } from '../../api/src/sync/types.ts';
import { type TestDatabase, server, systemClock } from './databases.ts';
import { type HandMadeCrm, type HandMadeDataverse, makeCrm, makeDataverse } from './ports.ts';

/** What tests of the pipeline stand on. It is another one for each test, so what it has is asked for when it is needed. */
export interface HandMadeScene {
  readonly database: TestDatabase;
  readonly store: Store;
  readonly crm: HandMadeCrm;
  readonly dataverse: HandMadeDataverse;
  /** The hand-made CRM's, unless the test puts another in its place. */
  source: Source;
  /** Of the row of a record. */
  readonly keyOf: (recordId: string) => string;
  /** As after a restart with other options. */
  readonly reopenStore: (options: Partial<StoreOptions>) => Promise<void>;
}

/** Called in a `describe`: a store for all its tests, and a source, a CRM and a Dataverse for each of them. */
export const handMadeScene = (name: string, options: Partial<StoreOptions> = {}): HandMadeScene => {
  let database: TestDatabase;
  let store: Store;
  let crm: HandMadeCrm;
  let dataverse: HandMadeDataverse;
  let source: Source;
  let number = 0;

  beforeAll(async () => {
    database = await server.create();
    store = await database.open(options);
  });
  afterAll(async () => {
    await store.close();
    await database.remove();
  });
  beforeEach(() => {
    number += 1;
    crm = makeCrm(`${name}-${number}`, systemClock.nowMs);
    source = crm.source;
    dataverse = makeDataverse();
  });

  return {
    get database() {
      return database;
    },
    get store() {
      return store;
    },
    get crm() {
      return crm;
    },
    get dataverse() {
      return dataverse;
    },
    get source() {
      return source;
    },
    set source(other) {
      source = other;
    },
    keyOf: (recordId) => `${source.id}~${recordId}`,
    async reopenStore(others) {
      await store.close();
      store = await database.open(others);
    },
  };
};
