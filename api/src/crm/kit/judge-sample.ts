import { compilePath } from '../expression/compile.ts';
import { isEmpty } from '../expression/json.ts';
import type { ReadyTable } from '../manifest/schema/table.ts';
import type { FieldList, SourcePage, SourceRecord } from '../types.ts';
import { fieldsMissing } from './fields-missing.ts';
import { fieldsSeenIn } from './fields-seen.ts';

export interface Finding {
  /** `note`: to know; `problem`: to mend before a sync. */
  readonly level: 'ok' | 'note' | 'problem';
  /** What was looked at: records, id, modified, parent, link, get, mapping. */
  readonly what: string;
  /** Ids, times, addresses and names of fields; never what a field holds. */
  readonly text: string;
}

export interface TableSample {
  readonly table: ReadyTable;
  /** The first page of the list. */
  readonly page: SourcePage;
  /** The record that was read again by its id. */
  readonly asked: SourceRecord | null;
  /** What came back for it; null: the CRM says that there is no such record. */
  readonly again: SourceRecord | null;
  /** What the CRM says of its fields; null when it has no such answer, then those of the page count. */
  readonly schema: FieldList | null;
}

type Say = (level: Finding['level'], text: string) => readonly Finding[];
const about =
  (what: string): Say =>
  (level, text) => [{ level, what, text }];

const isoOf = (ms: number): string => new Date(ms).toISOString();

const judgeRecords = ({ page }: TableSample): readonly Finding[] => {
  const say = about('records');
  const { records, unreadable, expectedRecords } = page;
  const total = expectedRecords === undefined ? '' : `, of ${expectedRecords.toLocaleString('en-US')}`;
  return [
    ...(records.length === 0 && unreadable.length === 0
      ? say('note', 'the list is empty: nothing more can be said')
      : say('ok', `${records.length} on the first page${total}${page.next === null ? ', the only one' : ''}`)),
    ...unreadable.slice(0, 3).flatMap(({ where, reason }) => say('problem', `${where}: ${reason}`)),
  ];
};

const judgeId = ({ page, asked }: TableSample): readonly Finding[] => {
  const say = about('id');
  if (asked === null) return [];
  const ids = new Set(page.records.map(({ id }) => id));
  if (ids.size < page.records.length) return say('problem', 'two records of the page have the same id: “id” leads to something else');
  return say('ok', asked.id);
};

const judgeModified = ({ table, page, asked }: TableSample): readonly Finding[] => {
  const say = about('modified');
  if (asked === null) return [];
  if (table.modified === undefined) return say('note', 'the manifest does not say when a record was changed; every run reads everything');
  const without = page.records.filter(({ modifiedOnMs }) => modifiedOnMs === null).length;
  const at = asked.modifiedOnMs === null ? 'none' : isoOf(asked.modifiedOnMs);
  if (without === 0) return say('ok', at);
  const count = `${without} of ${page.records.length} records have no time`;
  return without === page.records.length
    ? say('problem', `${count}: “modified” leads to nothing`)
    : say('note', `${at}; ${count}: name a second path, such as when they were made`);
};

const judgeParent = ({ table, page, asked }: TableSample): readonly Finding[] => {
  const say = about('parent');
  if (asked === null || table.parent === undefined) return [];
  const { path, lookup } = table.parent;
  const select = compilePath(path);
  const naming = page.records.filter(({ fields, isDeleted }) => !isDeleted && !isEmpty(select(fields)));
  if (naming.length === 0) return say('problem', `no record of the page has one at “${path}”`);
  const [lost, ...othersLost] = naming.filter(({ parentId }) => typeof parentId !== 'string');
  if (lost === undefined) return say('ok', `${asked.parentId ?? ''}; ${naming.length} of ${page.records.length} records have one`);
  const why = lookup === undefined ? 'is no usable id' : 'is not found by the lookup';
  const text = `of ${naming.length} records that name one at “${path}”, that of ${othersLost.length + 1} ${why}, for example of ${lost.id}`;
  return say((othersLost.length + 1) * 2 > naming.length ? 'problem' : 'note', text);
};

const judgeLink = ({ table, asked }: TableSample): readonly Finding[] => {
  const say = about('link');
  if (asked === null) return [];
  if (table.link === undefined) return say('note', 'agents cannot open the record in the CRM: the manifest has no “link”');
  return asked.url === null
    ? say('problem', 'it cannot be made, or leads to a host that the manifest does not allow (connection.hosts)')
    : say('ok', asked.url);
};

const judgeGet = ({ asked, again }: TableSample): readonly Finding[] => {
  const say = about('get');
  if (asked === null) return [];
  if (again === null) return say('problem', `the list has ${asked.id}, and asked for by its id it is not there`);
  if (again.modifiedOnMs !== asked.modifiedOnMs && again.modifiedOnMs === null)
    return say('problem', 'read by its id the record has no time of its last change, and in the list it has');
  if (again.parentId !== asked.parentId && typeof asked.parentId === 'string')
    return say('problem', 'read by its id the record has another parent than in the list');
  return say('ok', 'the same record by its id');
};

const judgeMapping = ({ table, page, schema }: TableSample): readonly Finding[] => {
  const say = about('mapping');
  const seen = fieldsSeenIn(page.records.map(({ fields }) => fields));
  if (schema === null && page.records.length === 0) return [];
  const missing = fieldsMissing(table, schema ?? { fields: seen, below: [] });
  if (missing.length === 0) return say('ok', `all ${table.map.length} rules find their fields`);
  // Some CRMs leave out what is empty; only where the CRM lists its fields it is sure.
  return missing.flatMap(({ path, use, hint }) =>
    schema === null
      ? say('note', `“${path}” (for ${use}) is in none of the ${page.records.length} records that were read${hint}`)
      : say('problem', `“${path}” (for ${use}) does not exist in this CRM${hint}`),
  );
};

/** What a first look at a table shows: pure, so that each verdict can be tested. */
export const judgeSample = (sample: TableSample): readonly Finding[] =>
  [judgeRecords, judgeId, judgeModified, judgeParent, judgeLink, judgeGet, judgeMapping].flatMap((judge) => judge(sample));
