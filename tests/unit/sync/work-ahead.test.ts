import type { Link, PageCommit } from '../../../api/src/store/types.ts';
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
const scene = (
  behaviour: { readonly overtaken?: readonly string[]; readonly begin?: Promise<void>; readonly close?: Promise<void> } = {},
) => {
  const done: string[] = [];
  const records = {
    ...makeRecordStore(),
    beginWrite: async (_source: string, _table: string, recordIds: readonly string[]) => {
      done.push(`note ${recordIds.join()}`);
      await behaviour.begin;
      done.push('noted');
      return { id: `note of ${recordIds.join()}`, leave: () => void done.push('left') };
    },
    closeWrite: async () => {
      done.push('taken back');
      await behaviour.close;
    },
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
  const ahead = workAhead(records, { sourceId: 'crm', table: 'contact', recordId: '1', readRow });
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
  it('the write is noted from the start, and whoever writes waits until it is', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { ahead, done } = scene({ begin: promise });
    expect(done).toEqual(['note 1']);
    const begun = ahead.records.beginWrite('crm', 'contact', ['1']).then(() => done.push('begun'));
    await Promise.resolve();
    expect(done).toEqual(['note 1']);
    resolve();
    await begun;
    expect(done).toEqual(['note 1', 'noted', 'begun']);
  });

  it('other records, and the same one a second time, get notes of their own', async () => {
    const { ahead } = scene();
    const ids = ['1', '1', '2'];
    const notes = await Promise.all(ids.map((id) => ahead.records.beginWrite('crm', 'contact', [id])));
    expect(notes[0]).not.toBe(notes[1]);
    expect(notes.map(({ id }) => id)).toEqual(['note of 1', 'note of 1', 'note of 2']);
    expect(await ahead.records.beginWrite('crm', 'account', ['1'])).not.toBe(notes[0]);
  });

  it('the row is read while the store commits, and told with the link that was committed', async () => {
    const { ahead, commit, done } = scene();
    await ahead.records.commitPage(commit());
    expect(done.filter((step) => step !== 'noted')).toEqual(['note 1', 'read', 'commit', 'committed']);
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

  it('a note that nobody needed is taken back, once', async () => {
    const { ahead, done } = scene();
    await ahead.close();
    await ahead.close();
    expect(done).toEqual(['note 1', 'noted', 'taken back']);
  });

  it('a note that was needed is left to whoever wrote', async () => {
    const { ahead, done } = scene();
    await ahead.records.beginWrite('crm', 'contact', ['1']);
    await ahead.close();
    expect(done).not.toContain('taken back');
  });

  it('a note that cannot be taken back fails nobody’s sync: it is left, and mended as a dead process’s is', async () => {
    const { ahead, done } = scene({ close: Promise.reject(new Error('the store is away')) });
    await ahead.close();
    expect(done.at(-1)).toBe('left');
  });

  it('a store that takes no note is told of where the write waits for it, and nowhere else', async () => {
    const { ahead } = scene({ begin: Promise.reject(new Error('the store is away')) });
    const writing = ahead.records.beginWrite('crm', 'contact', ['1']);
    await expect(writing).rejects.toThrow('the store is away');
    const { ahead: idle } = scene({ begin: Promise.reject(new Error('the store is away')) });
    await expect(idle.close()).resolves.toBeUndefined();
  });
});
