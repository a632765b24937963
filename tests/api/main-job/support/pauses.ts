import type { TableName, TableReader } from '../../../../api/src/crm/types.ts';
import { createSources } from '../../../../api/src/sync/sources.ts';
import type { HandMadeProcess } from '../../../support/hand-made-process.ts';

type Pause = () => Promise<void>;

/** Between which two lines a process stops: it goes on when the promise resolves, and never where that never does. */
export interface Pauses {
  /** The CRM has answered. */
  readonly afterRead?: Pause;
  /** What is known of the records has been read. */
  readonly afterLinks?: Pause;
  readonly beforeUpsert?: Pause;
  readonly beforeUpdate?: Pause;
  readonly beforeCommit?: Pause;
}

const none: Pause = async () => undefined;

/** The same process, which stops there each time. */
export const withPauses = (process: HandMadeProcess, pauses: Pauses): HandMadeProcess => {
  const { afterRead = none, afterLinks = none, beforeUpsert = none, beforeUpdate = none, beforeCommit = none } = pauses;
  const { dataverse, records } = process;
  const { connector } = process.source;
  const readBefore = async <Result>(pause: Pause, reading: Promise<Result>): Promise<Result> => {
    const result = await reading;
    await pause();
    return result;
  };
  const pagesOf = async function* <Page>(pages: AsyncIterable<Page>): AsyncGenerator<Page> {
    for await (const page of pages) {
      await afterRead();
      yield page;
    }
  };
  const table = (name: TableName): TableReader => {
    const reader = connector.table(name);
    return {
      ...reader,
      getOne: (...asked) => readBefore(afterRead, reader.getOne(...asked)),
      getMany: (...asked) => readBefore(afterRead, reader.getMany(...asked)),
      // An incremental run that is the source's first reads all.
      listAll: (...asked) => pagesOf(reader.listAll(...asked)),
      listChanges: (...asked) => pagesOf(reader.listChanges(...asked)),
    };
  };
  const source = { ...process.source, connector: { ...connector, table } };
  return {
    ...process,
    source,
    sources: createSources([source]),
    dataverse: {
      ...dataverse,
      upsert: async (...asked) => {
        await beforeUpsert();
        return dataverse.upsert(...asked);
      },
      update: async (...asked) => {
        await beforeUpdate();
        return dataverse.update(...asked);
      },
    },
    records: {
      ...records,
      findLinks: (...asked) => readBefore(afterLinks, records.findLinks(...asked)),
      findUnsettled: (...asked) => readBefore(afterLinks, records.findUnsettled(...asked)),
      commitPage: async (...asked) => {
        await beforeCommit();
        return records.commitPage(...asked);
      },
    },
  };
};

/** How far a door has come when it falls asleep: the CRM has answered; the links are read; the row is about to be sent. */
export const momentNames = ['has read the record', 'has looked at its link', 'is about to write'] as const;
export type Moment = (typeof momentNames)[number];

export const pausesAt: Readonly<Record<Moment, (pause: () => Promise<void>) => Pauses>> = {
  'has read the record': (afterRead) => ({ afterRead }),
  'has looked at its link': (afterLinks) => ({ afterLinks }),
  'is about to write': (beforeUpsert) => ({ beforeUpsert }),
};
