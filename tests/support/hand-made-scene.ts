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
  /** Another source, CRM and Dataverse, for a test that plays many scenes. Each test begins with one. */
  readonly begin: () => void;
  /** One more on the same database, as another process has; closed in the end. */
  readonly openStore: (options: Partial<StoreOptions>) => Promise<Store>;
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
  const furtherStores: Store[] = [];

  beforeAll(async () => {
    database = await server.create();
    store = await database.open(options);
  });
  afterAll(async () => {
    for (const one of [store, ...furtherStores]) await one.close();
    await database.remove();
  });
  const begin = (): void => {
    number += 1;
    crm = makeCrm(`${name}-${number}`, systemClock.nowMs);
    source = crm.source;
    dataverse = makeDataverse();
  };
  beforeEach(begin);

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
    begin,
    openStore: async (others) => {
      const opened = await database.open(others);
      furtherStores.push(opened);
      return opened;
    },
    reopenStore: async (others) => {
      await store.close();
      store = await database.open(others);
    },
  };
};
