import type { Walk, WalkedPart } from '../../crm/kit/walk.ts';

const parts = ['list', 'one', 'many', 'changes'] as const;

const describePart = (name: string, { pages, problem }: WalkedPart): string => {
  const records = pages.reduce((sum, page) => sum + page.records.length, 0);
  const unreadable = pages.reduce((sum, page) => sum + page.unreadable, 0);
  const facts = [
    `${records} records on ${pages.length} ${pages.length === 1 ? 'page' : 'pages'}`,
    ...(unreadable === 0 ? [] : [`${unreadable} unreadable`]),
    ...(pages.at(-1)?.isLast === false ? ['and more behind them'] : []),
    ...(problem === null ? [] : [problem]),
  ];
  return `  ${name.padEnd(8)} ${facts.join(', ')}`;
};

export const describeWalk = ({ connection, tables }: Walk): string =>
  [
    ...(connection === null ? [] : [connection]),
    ...tables.flatMap((table) => [table.table, ...parts.map((name) => describePart(name, table[name]))]),
  ].join('\n');

export const problemsOf = ({ connection, tables }: Walk): readonly string[] =>
  [connection, ...tables.flatMap((table) => parts.map((name) => table[name].problem))].filter((problem) => problem !== null);
