import { namesOnPath } from '../../crm/expression/compile.ts';
import { compilePath } from '../../crm/expression/compile.ts';
import { isEmpty } from '../../crm/expression/json.ts';
import { fieldsUsedBy } from '../../crm/kit/fields-missing.ts';
import type { MappingBody, ReadyTable } from '../../crm/manifest/schema/table.ts';
import type { JsonValue, SourceRecord, TableName } from '../../crm/types.ts';
import type { ExplainedRecord, ExplainedRule, Verdict } from '../../sync/explain-record.ts';

/** What a record says at a rule's paths, before any transform. */
export const saidAt = ({ from, first, const: constant }: MappingBody, { fields }: SourceRecord): JsonValue | undefined => {
  if (constant !== undefined) return constant;
  const found = [from ?? first ?? []].flat().map((path) => compilePath(path)(fields));
  if (first !== undefined) return found.find((value) => !isEmpty(value)) ?? found[0];
  return found.length === 1 ? found[0] : found.map((value) => value ?? null);
};

/** A record may hold anything: what would move the cursor or colour the screen is shown as a dot. */
const printable = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '·');

const show = (value: unknown): string => {
  if (value === undefined) return '–';
  if (value === null || value === '') return '(empty)';
  return printable(typeof value === 'string' ? value : JSON.stringify(value));
};

const fit = (text: string, width: number): string =>
  text.length <= width ? text.padEnd(width) : `${text.slice(0, Math.max(0, width - 1))}…`;

const words: Readonly<Record<Verdict, string>> = {
  fits: '',
  empty: 'empties the column',
  unsaid: 'not sent: the column is left alone',
  cut: 'cut',
  leftAlone: 'does not fit: the column is left alone',
  lookedUp: 'looked up',
  refused: 'REFUSED',
  unfit: 'WRONG COLUMN',
  unchecked: 'not checked: only Dataverse knows this column',
};

const noteOf = ({ verdict, problem }: ExplainedRule): string => [words[verdict], ...(problem === null ? [] : [problem])].join(': ');

const rowText = ({ columns, row, verdict, value }: ExplainedRule): string => {
  if (verdict === 'refused' || verdict === 'unfit') return show(undefined);
  if (verdict === 'unchecked' || verdict === 'lookedUp') return show(value);
  const values = columns.map((column) => row[column]);
  return values.length === 1 ? show(values[0]) : values.map(show).join(' / ');
};

export interface ShownRecord {
  readonly table: ReadyTable;
  readonly name: TableName;
  readonly record: SourceRecord;
  readonly explained: ExplainedRecord;
}

const outcomes: Readonly<Record<ExplainedRecord['outcome'], string>> = {
  row: 'would be written',
  failed: 'WOULD FAIL',
  removed: 'deleted in the CRM',
  filtered: 'left out (skip)',
};

/** Top-level fields that no rule and nothing else of the manifest reads. */
const unmapped = ({ table, record }: ShownRecord): readonly string[] => {
  const used = new Set(fieldsUsedBy(table).map(({ path }) => namesOnPath(path)[0]));
  return Object.keys(record.fields).filter((name) => !used.has(name));
};

/** A record and its row, side by side. */
export const showRecord = (shown: ShownRecord, columns: number): string => {
  const { table, name, record, explained } = shown;
  const { id, modifiedOnMs, parentId, url } = record;
  const facts = [
    modifiedOnMs === null ? 'no time of its last change' : `changed ${new Date(modifiedOnMs).toISOString()}`,
    ...(typeof parentId === 'string' ? [`parent ${parentId}`] : []),
    ...(url === null ? [] : [url]),
  ];
  const columnWidth = Math.max(12, ...explained.rules.map(({ columns: names }) => names.join(', ').length));
  const width = Math.max(14, Math.min(40, Math.floor((columns - Math.min(columnWidth, 28) - 12) / 3)));
  const line = (column: string, said: string, row: string, note: string): string =>
    `  ${fit(column, Math.min(columnWidth, 28))}  ${fit(said, width)}  ${fit(row, width)}  ${note}`.trimEnd();
  const others = unmapped(shown);
  return [
    `${name} ${printable(id)}: ${outcomes[explained.outcome]} (${printable(facts.join(', '))})`,
    line('column', 'the CRM says', 'Dataverse gets', ''),
    ...explained.rules.map((rule, index) => {
      const mapping = table.map[index];
      const said = mapping === undefined ? undefined : saidAt(mapping, record);
      return line(rule.columns.join(', '), show(said), rowText(rule), noteOf(rule));
    }),
    ...(others.length === 0 ? [] : [`  not mapped: ${printable(others.join(', '))}`]),
  ].join('\n');
};
