import { isObject } from '../../expression/json.ts';
import { addMembers, editRecords } from '../edit-answer.ts';
import { strikeAt } from '../interposer.ts';
import { judgeWalk, walkAgain } from '../judge-walk.ts';
import { differencesOf } from '../same-record.ts';
import { type Check, failed, notRun, passed } from '../types.ts';
import { recordsOf } from '../walk.ts';

const unknown = { crmSyncUnknownField: { nested: ['a field that the CRM has since yesterday'] } };

export const unknownFields: Check = {
  id: 'unknown-fields',
  promise: 'Fields that the manifest does not know change nothing.',
  how: 'Adds fields to every record and to every answer of the list.',
  run: async (bench) => {
    const { manifest, table, small, smallWalk, startedMs } = bench;
    const records = table.list.records ?? table.records ?? manifest.records ?? '$';
    const strike = strikeAt(
      'list',
      () => true,
      async (request, ask) => {
        const edited = editRecords(await ask(request), records, (list) =>
          list.map((record) => (isObject(record) ? { ...unknown, ...record } : record)),
        );
        return edited === null ? null : addMembers(edited, unknown);
      },
    );
    const { value: walked } = await bench.distorted(strike.distort, () => walkAgain(bench));
    if (strike.count() === 0) return notRun('the records cannot be told apart in the answer (no JSON, or no plain list)');
    const verdict = await judgeWalk(bench, walked, { what: 'With unknown fields' });
    if (verdict !== null) return verdict;
    const before = new Map(recordsOf(smallWalk).map((record) => [record.id, record]));
    for (const record of recordsOf(walked)) {
      const known = before.get(record.id);
      if (known === undefined || (record.modifiedOnMs ?? 0) >= startedMs) continue;
      const differences = differencesOf(known, record, small.reader);
      if (differences.length > 0)
        return failed(
          `with unknown fields ${record.id} differs in: ${differences.join('; ')}`,
          'Let `from` and the conditions name fields, not positions or wildcards that take whatever is there.',
        );
    }
    return passed();
  },
};
