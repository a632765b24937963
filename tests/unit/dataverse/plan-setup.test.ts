import { logicalNameOf, ourChoice, ourColumnDefinitions, ourKey, ourTables } from '../../../api/src/dataverse/our-definition.ts';
import { planSetup } from '../../../api/src/dataverse/setup/plan-setup.ts';
import type { FoundColumn, FoundKey, FoundSchema } from '../../../api/src/dataverse/setup/types.ts';
import {
  lastSyncedOnColumn,
  sourceCrmColumn,
  sourceKeyColumn,
  sourceModifiedOnColumn,
  sourceRecordIdColumn,
  sourceUrlColumn,
  syncStatus,
  syncStatusColumn,
} from '../../../api/src/sync/columns.ts';
import { maxSourceKeyLength } from '../../../api/src/sync/source-key.ts';

const values = ourChoice.options.map(({ value }) => value);
const typeOf = { text: 'String', url: 'String', dateAndTime: 'DateTime', choice: 'Picklist' } as const;

const whole = (isManaged = false): FoundSchema => ({
  choice: { values, isManaged },
  tables: ['account', 'contact'].map((table) => ({
    table,
    keys: [{ logicalName: 'ccsync_sourcekey', columns: ['ccsync_sourcekey'], indexStatus: 'Active' }],
    columns: ourColumnDefinitions.map((definition) => ({
      logicalName: logicalNameOf(definition),
      type: typeOf[definition.type],
      maxLength: 'maxLength' in definition ? definition.maxLength : null,
      isManaged,
      choice: definition.type === 'choice' ? { name: ourChoice.name, isGlobal: true, values } : null,
    })),
  })),
});

/** The environment with one thing changed in `contact`. */
const changed = (
  schema: FoundSchema,
  change: { readonly column?: string; readonly to?: Partial<FoundColumn> | null; readonly keys?: readonly FoundKey[] },
): FoundSchema => ({
  ...schema,
  tables: schema.tables.map((table) =>
    table.table !== 'contact'
      ? table
      : {
          ...table,
          keys: change.keys ?? table.keys,
          columns: table.columns.flatMap((column) => {
            if (column.logicalName !== change.column) return [column];
            return change.to === null ? [] : [{ ...column, ...change.to }];
          }),
        },
  ),
});
const key = (more: Partial<FoundKey>): FoundKey => ({
  logicalName: 'ccsync_sourcekey',
  columns: ['ccsync_sourcekey'],
  indexStatus: 'Active',
  ...more,
});

describe('what we add to an environment', () => {
  it('is what the sync writes: the same columns, the same key, the same values', () => {
    expect(ourColumnDefinitions.map(logicalNameOf).toSorted()).toEqual(
      [
        sourceKeyColumn,
        sourceCrmColumn,
        sourceRecordIdColumn,
        sourceUrlColumn,
        sourceModifiedOnColumn,
        lastSyncedOnColumn,
        syncStatusColumn,
      ].toSorted(),
    );
    expect(ourKey.columns).toEqual([sourceKeyColumn]);
    expect(values).toEqual(Object.values(syncStatus));
    expect(ourColumnDefinitions.find((column) => logicalNameOf(column) === sourceKeyColumn)).toMatchObject({
      maxLength: maxSourceKeyLength,
    });
    expect(ourTables.map((table) => table.toLowerCase())).toEqual(['account', 'contact']);
  });
});

describe('a plan of the set-up', () => {
  it('is empty where all is there', () => {
    expect(planSetup(whole())).toEqual([]);
    expect(planSetup(whole(true))).toEqual([]);
  });

  it('makes the choice, the columns and then the keys in an empty environment', () => {
    const empty: FoundSchema = { choice: null, tables: ['account', 'contact'].map((table) => ({ table, columns: [], keys: [] })) };
    const plan = planSetup(empty);
    expect(plan.every(({ problem, remedy }) => problem === 'missing' && remedy === 'create')).toBe(true);
    expect(plan.map(({ component }) => component)).toEqual(['choice', ...Array.from({ length: 14 }, () => 'column'), 'key', 'key']);
  });

  it.each([
    [
      'a missing column is made',
      { column: 'ccsync_sourcecrmurl', to: null },
      { name: 'ccsync_sourcecrmurl', problem: 'missing', remedy: 'create' },
    ],
    [
      'a column that is too short is lengthened',
      { column: 'ccsync_sourcekey', to: { maxLength: 100 } },
      { problem: 'tooShort', remedy: 'lengthen', found: 'String, 100 characters', expected: 'String, 250 characters' },
    ],
    [
      'a column of another type is left to a person, as its data would be lost',
      { column: 'ccsync_lastsyncedon', to: { type: 'String', maxLength: 100 } },
      { problem: 'wrongType', remedy: 'byHand', found: 'String' },
    ],
    [
      'options are added to a column that has its own',
      { column: 'ccsync_syncstatus', to: { choice: { name: 'contact_status', isGlobal: false, values: values.slice(0, 1) } } },
      { component: 'column', problem: 'optionMissing', remedy: 'addOption' },
    ],
    ['a missing key is made', { keys: [] }, { component: 'key', problem: 'missing', remedy: 'create' }],
    ['a key that failed is started again', { keys: [key({ indexStatus: 'Failed' })] }, { problem: 'keyFailed', remedy: 'reactivate' }],
    ['a key that is being built is waited for', { keys: [key({ indexStatus: 'InProgress' })] }, { problem: 'keyBuilding', remedy: 'wait' }],
    [
      'a key of our name on other columns is left to a person',
      { keys: [key({ columns: ['emailaddress1'] })] },
      { problem: 'keyOnOtherColumns', remedy: 'byHand', found: 'a key on emailaddress1' },
    ],
  ] as const)('%s', (_title, change, expected) => {
    const plan = planSetup(changed(whole(), change));
    expect(plan).toHaveLength(1);
    expect(plan[0]).toMatchObject({ table: 'contact', ...expected });
  });

  it('takes an active key on our column under whatever name, and a longer column as it is', () => {
    const schema = changed(whole(), { column: 'ccsync_sourcekey', to: { maxLength: 400 }, keys: [key({ logicalName: 'contoso_key' })] });
    expect(planSetup(schema)).toEqual([]);
  });

  it('adds what the shared choice lacks, once for both tables', () => {
    const plan = planSetup({ ...whole(), choice: { values: values.slice(1), isManaged: false } });
    expect(plan).toHaveLength(1);
    expect(plan[0]).toMatchObject({ component: 'choice', table: null, problem: 'optionMissing', remedy: 'addOption' });
  });

  it('makes no key on a column that a person must mend first', () => {
    const plan = planSetup(changed(whole(), { column: 'ccsync_sourcekey', to: { type: 'Memo', maxLength: 2_000 }, keys: [] }));
    expect(plan.map(({ component, remedy }) => [component, remedy])).toEqual([
      ['column', 'byHand'],
      ['key', 'byHand'],
    ]);
  });

  it('changes nothing of an installed solution: its newest version brings what is missing', () => {
    const plans = [
      planSetup(changed(whole(true), { column: 'ccsync_sourcecrmurl', to: null })),
      planSetup(changed(whole(true), { column: 'ccsync_sourcekey', to: { maxLength: 100 } })),
      planSetup(changed(whole(true), { keys: [] })),
      planSetup({ ...whole(true), choice: { values: [], isManaged: true } }),
    ];
    expect(plans.map((plan) => plan.map(({ remedy }) => remedy))).toEqual(plans.map(() => ['importSolution']));
    const requests = planSetup({ ...whole(true), requestColumns: null });
    expect(new Set(requests.map(({ remedy }) => remedy))).toEqual(new Set(['importSolution']));
    expect(planSetup({ ...whole(), requestColumns: null })[0]).toMatchObject({ component: 'table', remedy: 'create' });
    // A key's index belongs to the environment.
    expect(planSetup(changed(whole(true), { keys: [key({ indexStatus: 'Failed' })] }))[0]).toMatchObject({ remedy: 'reactivate' });
  });
});
