/** Activities: rows that are about another row. What task, phonecall and email have in common, and what is their own. */
import {
  choice,
  computedName,
  dateAndTime,
  integer,
  lookup,
  memo,
  phone,
  primaryId,
  stateAndReason,
  systemColumnsFor,
  text,
  yesNo,
} from './columns.ts';
import type { ColumnDefinition, LookupTarget, TableDefinition } from './definition.ts';

/** `Account_Tasks` on account, `regardingobjectid_account_task` on task; the same for the other tables and kinds. */
function regarding(kind: string, collection: string): ColumnDefinition {
  const tables = [
    ['account', 'Account'],
    ['contact', 'Contact'],
    ['lead', 'Lead'],
    ['opportunity', 'Opportunity'],
  ] as const;
  const targets = tables.map(
    ([table, schemaName]): LookupTarget => ({
      table,
      navigationProperty: `regardingobjectid_${table}_${kind}`,
      collectionProperty: `${schemaName}_${collection}`,
      onDelete: 'Cascade',
    }),
  );
  return lookup('regardingobjectid', 'Regarding', targets);
}

const priority = choice(
  'prioritycode',
  'Priority',
  [
    { value: 0, label: 'Low' },
    { value: 1, label: 'Normal' },
    { value: 2, label: 'High' },
  ],
  { defaultValue: 1 },
);

interface ActivityKind {
  readonly logicalName: string;
  readonly schemaName: string;
  readonly entitySetName: string;
  readonly displayName: string;
  readonly objectTypeCode: number;
  readonly collection: string;
  readonly owningUserCollection: string;
  readonly states: Parameters<typeof stateAndReason>[0];
  readonly reasons: Parameters<typeof stateAndReason>[1];
  readonly ownColumns: readonly ColumnDefinition[];
}

function activity(kind: ActivityKind): TableDefinition {
  return {
    logicalName: kind.logicalName,
    schemaName: kind.schemaName,
    entitySetName: kind.entitySetName,
    displayName: kind.displayName,
    displayCollectionName: `${kind.displayName}s`,
    objectTypeCode: kind.objectTypeCode,
    primaryIdColumn: 'activityid',
    primaryNameColumn: 'subject',
    supportsBulkMessages: true,
    isReadOnly: false,
    keys: [],
    columns: [
      primaryId('activityid', kind.displayName),
      computedName('activitytypecode', 'Activity Type', kind.logicalName),
      text('subject', 'Subject', 200, { requiredLevel: 'ApplicationRequired' }),
      memo('description', 'Description', 2000),
      regarding(kind.logicalName, kind.collection),
      dateAndTime('scheduledstart', 'Start Date'),
      dateAndTime('scheduledend', 'Due Date'),
      dateAndTime('actualstart', 'Actual Start'),
      dateAndTime('actualend', 'Actual End'),
      integer('scheduleddurationminutes', 'Scheduled Duration', { minValue: 0, maxValue: 2_147_483_647 }),
      integer('actualdurationminutes', 'Duration', { minValue: 0, maxValue: 2_147_483_647 }),
      priority,
      ...kind.ownColumns,
      ...stateAndReason(kind.states, kind.reasons),
      ...systemColumnsFor(kind.owningUserCollection),
    ],
  };
}

const openCompletedCanceled = [
  { value: 0, label: 'Open' },
  { value: 1, label: 'Completed' },
  { value: 2, label: 'Canceled' },
];

export const task = activity({
  logicalName: 'task',
  schemaName: 'Task',
  entitySetName: 'tasks',
  displayName: 'Task',
  objectTypeCode: 4212,
  collection: 'Tasks',
  owningUserCollection: 'user_task',
  states: openCompletedCanceled,
  reasons: [
    { value: 2, label: 'Not Started', state: 0 },
    { value: 3, label: 'In Progress', state: 0 },
    { value: 4, label: 'Waiting on someone else', state: 0 },
    { value: 7, label: 'Deferred', state: 0 },
    { value: 5, label: 'Completed', state: 1 },
    { value: 6, label: 'Canceled', state: 2 },
  ],
  ownColumns: [
    text('category', 'Category', 250),
    text('subcategory', 'Sub-Category', 250),
    integer('percentcomplete', 'Percent Complete', { minValue: 0, maxValue: 100 }),
  ],
});

export const phoneCall = activity({
  logicalName: 'phonecall',
  schemaName: 'PhoneCall',
  entitySetName: 'phonecalls',
  displayName: 'Phone Call',
  objectTypeCode: 4210,
  collection: 'Phonecalls',
  owningUserCollection: 'user_phonecall',
  states: openCompletedCanceled,
  reasons: [
    { value: 1, label: 'Open', state: 0 },
    { value: 2, label: 'Made', state: 1 },
    { value: 4, label: 'Received', state: 1 },
    { value: 3, label: 'Canceled', state: 2 },
  ],
  ownColumns: [
    phone('phonenumber', 'Phone Number', 200),
    yesNo('directioncode', 'Direction', { trueLabel: 'Outgoing', falseLabel: 'Incoming' }),
  ],
});

export const email = activity({
  logicalName: 'email',
  schemaName: 'Email',
  entitySetName: 'emails',
  displayName: 'Email',
  objectTypeCode: 4202,
  collection: 'Emails',
  owningUserCollection: 'user_email',
  states: openCompletedCanceled,
  reasons: [
    { value: 1, label: 'Draft', state: 0 },
    { value: 8, label: 'Failed', state: 0 },
    { value: 2, label: 'Completed', state: 1 },
    { value: 3, label: 'Sent', state: 1 },
    { value: 4, label: 'Received', state: 1 },
    { value: 5, label: 'Canceled', state: 2 },
  ],
  ownColumns: [
    text('messageid', 'Message ID', 320),
    yesNo('directioncode', 'Direction', { trueLabel: 'Outgoing', falseLabel: 'Incoming' }),
  ],
});
