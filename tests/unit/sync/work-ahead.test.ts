import type { Link, PageCommit } from '../../../api/src/store/records/types.ts';
import { workAhead } from '../../../api/src/sync/work-ahead.ts';
import { makeRecordStore } from '../../support/ports.ts';

const link: Link = {
  recordId: '1',
  contentHash: '0'.repeat(32),
  sourceModifiedOnMs: 1,
  parentId: null,
  state: 'linked',
  syncedOnMs: 2,
  checkedOnMs: 2,
};

/** A store that says what was done to it, in order; what is told here is what happens. */
const scene = (behaviour: { readonly overtaken?: readonly string[] } = {}) => {
  const done: string[] = [];
  const records = {
    ...makeRecordStore(),
    commitPage: async () => {
      done.push('commit');
      await Promise.resolve();
      done.push('committed');
      return behaviour.overtaken ?? [];
    },
  };
  const readRow = async (): Promise<string> => {
    done.push('read');
    return 'row';
  };
  const ahead = workAhead({ records, readRow, parentTableOf: () => null, guess: null });
  const commit = (changes: Partial<PageCommit> = {}): PageCommit => ({
    sourceId: 'crm',
    table: 'contact',
    links: [link],
    unchangedIds: [],
    failures: [],
    removals: [],
    openWriteId: 'note of 1',
    ...changes,
  });
  return { ahead, commit, done };
};

describe('what a click does at the same time', () => {
  it('the row is read while the store commits, and told with the link that was committed', async () => {
    const { ahead, commit, done } = scene();
    await ahead.records.commitPage(commit());
    expect(done).toEqual(['read', 'commit', 'committed']);
    expect(await ahead.outcome()).toEqual({ row: 'row', link });
  });

  it.each<[string, Partial<PageCommit>]>([
    ['nothing was written', { links: [], openWriteId: undefined }],
    ['it was only looked at', { openWriteId: undefined }],
    ['a row was refused', { links: [], failures: [{ table: 'contact', recordId: '1', code: 'x', failureClass: 'data', reason: 'x' }] }],
    ['a row is to be removed', { removals: ['1'] }],
    ['more than the one was written', { links: [link, { ...link, recordId: '2' }] }],
  ])('nothing is told ahead where %s', async (_why, changes) => {
    const { ahead, commit } = scene();
    await ahead.records.commitPage(commit(changes));
    expect(await ahead.outcome()).toBeNull();
  });

  it('nothing is told ahead where somebody else has written the record meanwhile', async () => {
    const { ahead, commit } = scene({ overtaken: ['1'] });
    expect(await ahead.records.commitPage(commit())).toEqual(['1']);
    expect(await ahead.outcome()).toBeNull();
  });
});

const one = { sourceId: 'crm', table: 'contact' as const, recordId: '1' };

/** A store with one record, whose parent has a row; it says what it was asked. */
const guessed = (guess: typeof one | null = one) => {
  const store = makeRecordStore();
  store.links.set('1', { ...link, parentId: 'p' });
  const asked: string[] = [];
  const records = {
    ...store,
    findLinks: async (...of: Parameters<typeof store.findLinks>) => {
      asked.push(`link of ${of[2].join()}`);
      return store.findLinks(...of);
    },
    linkedIds: async (_sourceId: string, table: string, ids: readonly string[]) => {
      asked.push(`${table} ${ids.join()}`);
      return new Set(ids);
    },
    openElsewhere: async () => {
      asked.push('open elsewhere');
      return new Set<string>();
    },
    beginWrite: async (_sourceId: string, _table: string, ids: readonly string[]) => {
      asked.push(`note of ${ids.join()}`);
      return { id: ids.join(), leave: () => void asked.push(`left ${ids.join()}`) };
    },
    closeWrite: async ({ id }: { readonly id: string }) => void asked.push(`closed ${id}`),
  };
  const ahead = workAhead({ records, readRow: async () => 'row', parentTableOf: () => 'account', guess });
  const unchanged: PageCommit = { sourceId: 'crm', table: 'contact', links: [], unchangedIds: ['1'], failures: [], removals: [] };
  return { ahead, asked, store, unchanged };
};

describe('what a click has the store do before it is known whose row it is', () => {
  it('the note, the link and its parent are asked for at once, and not again', async () => {
    const { ahead, asked } = guessed();
    await ahead.records.beginWrite('crm', 'contact', ['1']);
    expect((await ahead.records.findLinks('crm', 'contact', ['1'])).get('1')?.parentId).toBe('p');
    expect(await ahead.records.linkedIds('crm', 'account', ['p'])).toEqual(new Set(['p']));
    await ahead.end();
    expect(asked).toEqual(['note of 1', 'link of 1', 'account p']);
  });

  it('without a guess the link is asked for from when the write was noted', async () => {
    const { ahead, asked } = guessed(null);
    expect(asked).toEqual([]);
    await ahead.records.beginWrite('crm', 'contact', ['1']);
    expect(asked).toEqual(['note of 1', 'link of 1']);
  });

  it('of a wrong guess the note is closed, and nothing else is left', async () => {
    const { ahead, asked, store } = guessed();
    store.links.set('2', { ...link, recordId: '2' });
    await ahead.records.beginWrite('crm', 'contact', ['2']);
    expect([...(await ahead.records.findLinks('crm', 'contact', ['2'])).keys()]).toEqual(['2']);
    await ahead.end();
    expect(asked).toEqual(expect.arrayContaining(['note of 1', 'note of 2', 'link of 2', 'closed 1', 'left 1']));
    expect(asked).not.toContain('closed 2');
  });

  it('a parent that the link does not name is asked for when it is wanted', async () => {
    const { ahead, asked } = guessed();
    await ahead.records.beginWrite('crm', 'contact', ['1']);
    await ahead.records.linkedIds('crm', 'account', ['q']);
    expect(asked).toContain('account q');
  });

  it('who has a deletion in hand sees the link as it is then', async () => {
    const { ahead, store } = guessed();
    await ahead.records.beginWrite('crm', 'contact', ['1']);
    store.links.set('1', { ...link, checkedOnMs: 9 });
    await ahead.records.openElsewhere('crm', 'contact', ['1']);
    expect((await ahead.records.findLinks('crm', 'contact', ['1'])).get('1')?.checkedOnMs).toBe(9);
  });

  it('the link is looked at again where the record has to be read again', async () => {
    const { ahead, store } = guessed();
    await ahead.records.findLinks('crm', 'contact', ['1']);
    store.links.set('1', { ...link, checkedOnMs: 9 });
    expect((await ahead.records.findLinks('crm', 'contact', ['1'])).get('1')?.checkedOnMs).toBe(9);
  });

  it('nothing is recorded as unchanged that somebody else has written since the early look', async () => {
    const { ahead, store, unchanged } = guessed();
    await ahead.records.findLinks('crm', 'contact', ['1']);
    store.links.set('1', { ...link, checkedOnMs: 9 });
    expect(await ahead.records.commitPage(unchanged)).toEqual(['1']);
    // Read again, with another look, it is.
    await ahead.records.findLinks('crm', 'contact', ['1']);
    expect(await ahead.records.commitPage(unchanged)).toEqual([]);
  });

  it('a record that cannot be mapped is recorded as failed, whoever has written it meanwhile', async () => {
    const { ahead, store, unchanged } = guessed();
    await ahead.records.findLinks('crm', 'contact', ['1']);
    store.links.set('1', { ...link, checkedOnMs: 9 });
    const failure = { table: 'contact' as const, recordId: '1', code: 'x', failureClass: 'data' as const, reason: 'x' };
    expect(await ahead.records.commitPage({ ...unchanged, unchangedIds: [], failures: [failure] })).toEqual([]);
    expect(store.failures.has('1')).toBe(true);
  });

  it('a record that is as it was is recorded as unchanged', async () => {
    const { ahead, unchanged } = guessed();
    await ahead.records.findLinks('crm', 'contact', ['1']);
    expect(await ahead.records.commitPage(unchanged)).toEqual([]);
  });

  it('a store that takes no note fails who begins to write, and nobody else', async () => {
    const store = makeRecordStore();
    const records = { ...store, beginWrite: () => Promise.reject(new Error('the store is away')) };
    const ahead = workAhead({ records, readRow: async () => 'row', parentTableOf: () => null, guess: one });
    await expect(ahead.records.beginWrite('crm', 'contact', ['1'])).rejects.toThrow('the store is away');
    await ahead.end();
    const unused = workAhead({ records, readRow: async () => 'row', parentTableOf: () => null, guess: one });
    await unused.end();
  });
});
