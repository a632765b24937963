import { askTime, judgeLag, untilAmongChanges, untilSeen, withScratch } from '../scratch-record.ts';
import { type Check, failed, passed, type TableBench, type Verdict } from '../types.ts';

const isSwept = async ({ usual, signal }: TableBench, id: string): Promise<boolean> => {
  for await (const { ids } of usual.reader.listIds(null, signal)) if (ids.includes(id)) return true;
  return false;
};

const seenByChanges = async (bench: TableBench, id: string, beforeMs: number): Promise<Verdict> => {
  const fromMs = beforeMs - bench.usual.reader.overlapMs;
  const seen = await untilAmongChanges(bench, id, { fromMs, counts: ({ isDeleted }) => isDeleted });
  if (seen !== null) return judgeLag(bench, seen) ?? passed('it is among the changes');
  return failed(
    `${id} was deleted, and the changes since do not say so`,
    'See that `deletes` (its path, `id`, `at`) or `deleted` fits what the CRM writes, and that `changes` asks for deleted records too.',
  );
};

export const removedSeen: Check = {
  id: 'removed-seen',
  promise: 'A record that is deleted is noticed.',
  how: 'Has the record deleted that was made before; the changes must say so, or, where the CRM tells nothing, the list of all ids.',
  run: (bench) =>
    withScratch(bench, async (id) => {
      const { usual, changer, name, table, signal } = bench;
      const beforeMs = await askTime(bench, id);
      await changer?.remove(name, id);
      bench.scratch.id = null;
      const gone = await untilSeen(bench, async () => {
        const record = await usual.reader.getOne(id, signal);
        return record === null || record.isDeleted ? id : null;
      });
      if (gone === null)
        return failed(
          `${id} is still there after it was deleted`,
          'Say how a deleted record is told from others: `deleted`, or the statuses of `get.missing`.',
        );
      const tells = table.deleted !== undefined || (table.deletes ?? []).length > 0;
      if (tells && usual.reader.canListChanges) return seenByChanges(bench, id, beforeMs);
      const swept = await untilSeen(bench, async () => ((await isSwept(bench, id)) ? null : id));
      if (swept === null)
        return failed(
          `${id} was deleted and is still in the list of all ids`,
          'Let `sweep` (or `list`) leave out what is deleted, or say `deleted`.',
        );
      return passed('only a full run notices it, as the CRM does not list what was deleted');
    }),
};
