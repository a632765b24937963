import { isAppError } from '../../errors/app-error.ts';
import type { ChangeWindow, SourceConnector, SourcePage, SourceRecord, TableName, TableReader } from '../types.ts';

export interface WalkPlan {
  /** Of each list at most. */
  readonly pages: number;
  /** When the changes of a table are asked for; as in the walk before, so that the same requests are made. */
  readonly windows: Partial<Readonly<Record<TableName, ChangeWindow>>>;
}

/** Ids, times and how a list goes on: what has to be the same when it is read again. Nothing of what the fields hold. */
export interface WalkedPage {
  readonly records: readonly {
    readonly id: string;
    readonly modifiedOnMs: number | null;
    readonly parentId: string | null | undefined;
    readonly isDeleted: boolean;
    readonly isSkipped: boolean;
  }[];
  readonly unreadable: number;
  readonly isLast: boolean;
}

export type WalkedPart = { readonly pages: readonly WalkedPage[]; readonly problem: string | null };

export interface WalkedTable {
  readonly table: TableName;
  readonly list: WalkedPart;
  readonly one: WalkedPart;
  readonly many: WalkedPart;
  readonly changes: WalkedPart;
}

export interface Walk {
  readonly connection: string | null;
  readonly tables: readonly WalkedTable[];
  readonly windows: WalkPlan['windows'];
}

const mostAtOnce = 5;

const toPage = ({ records, unreadable, next }: SourcePage): WalkedPage => ({
  records: records.map(({ id, modifiedOnMs, parentId, isDeleted, isSkipped }) => ({ id, modifiedOnMs, parentId, isDeleted, isSkipped })),
  unreadable: unreadable.length,
  isLast: next === null,
});

const asPage = (records: readonly SourceRecord[]): WalkedPage => toPage({ records, unreadable: [], next: null });

/** A CRM that fails is what a recording is often made for: the failure is part of it, and the walk goes on. */
const part = async (pages: AsyncIterable<WalkedPage>, signal: AbortSignal): Promise<WalkedPart> => {
  const walked: WalkedPage[] = [];
  try {
    for await (const page of pages) walked.push(page);
    return { pages: walked, problem: null };
  } catch (error) {
    if (signal.aborted || !isAppError(error)) throw error;
    return { pages: walked, problem: `${error.code}: ${error.message}` };
  }
};

async function* bounded(pages: AsyncIterable<SourcePage>, count: number): AsyncGenerator<WalkedPage> {
  let read = 0;
  for await (const page of pages) {
    yield toPage(page);
    read += 1;
    if (read >= count) return;
  }
}

async function* once(read: () => Promise<readonly SourceRecord[]>): AsyncGenerator<WalkedPage> {
  yield asPage(await read());
}

const newest = ({ pages }: WalkedPart): number | null => {
  const times = pages.flatMap(({ records }) => records.flatMap(({ modifiedOnMs }) => modifiedOnMs ?? []));
  return times.length === 0 ? null : Math.max(...times);
};

const noPart: WalkedPart = { pages: [], problem: null };

const walkTable = async (
  reader: TableReader,
  { pages, windows }: WalkPlan,
  nowMs: () => number,
  signal: AbortSignal,
): Promise<{ readonly walked: WalkedTable; readonly window: ChangeWindow | null }> => {
  const list = await part(bounded(reader.listAll(null, signal), pages), signal);
  const ids = list.pages.flatMap(({ records }) => records.filter(({ isDeleted }) => !isDeleted).map(({ id }) => id));
  const [first] = ids;
  const one =
    first === undefined
      ? noPart
      : await part(
          once(async () => [await reader.getOne(first, signal)].filter((record) => record !== null)),
          signal,
        );
  const many =
    first === undefined
      ? noPart
      : await part(
          once(() => reader.getMany(ids.slice(0, mostAtOnce), signal)),
          signal,
        );
  const fromMs = newest(list);
  // A list of changes that goes by a token can only be read with one, which the end of a whole list gives.
  const window =
    windows[reader.table] ?? (reader.canListChanges && fromMs !== null ? { fromMs, toMs: Math.max(fromMs + 1000, nowMs()) } : null);
  const changes = window === null ? noPart : await part(bounded(reader.listChanges(window, null, signal), pages), signal);
  // In no order: what comes back at once may come in another one.
  return { walked: { table: reader.table, list, one, many, changes }, window };
};

/** Reads a little of everything: some pages of each list, one record, several, and what changed last. */
export const walkConnector = async (connector: SourceConnector, plan: WalkPlan, signal: AbortSignal): Promise<Walk> => {
  const connection = await connector.check(signal).then(
    () => null,
    (error: unknown) => {
      if (signal.aborted || !isAppError(error)) throw error;
      return `${error.code}: ${error.message}`;
    },
  );
  const tables: WalkedTable[] = [];
  const windows: Partial<Record<TableName, ChangeWindow>> = {};
  for (const name of connector.tables) {
    const { walked, window } = await walkTable(connector.table(name), plan, () => connector.nowMs(), signal);
    tables.push(walked);
    if (window !== null) windows[name] = window;
  }
  return { connection, tables, windows };
};
