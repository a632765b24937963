import type { VerifyClassBody, VerifyStatementBody, VerifyTableBody } from './statement.ts';

const meanings: Readonly<Record<VerifyClassBody['verdict'], string>> = {
  same: 'the row says what the record says',
  missing: 'a record without a row',
  stale: 'the row holds what an earlier sync wrote',
  edited: 'the row was changed in Dataverse',
  orphaned: 'a row whose record the CRM no longer has',
  doubled: 'a row of a record that has another row',
  unkeyed: 'a row that names a record, without the key',
  waitingForParent: 'all but the parent, which has no row yet',
  parentAbsent: 'all but a parent that the CRM does not have',
  olderInCrm: 'the CRM shows an older version than was written',
  failed: 'a record that cannot be a row',
  changed: 'changed in the CRM meanwhile, not judged',
  leftOut: 'left out by the manifest',
  deleted: 'deleted in the CRM',
  retired: 'inactive, and no record’s',
};

const sampleText = ({ recordId, rowId }: VerifyClassBody['samples'][number]): string =>
  [recordId, rowId === undefined ? undefined : `row ${rowId}`].filter((part) => part !== undefined).join(' ');

const describeClass = ({ verdict, found, records, rows, samples }: VerifyClassBody): readonly string[] => [
  `  ${verdict.padEnd(18)}${String(found).padStart(9)}${String(records).padStart(9)}${String(rows).padStart(9)}  ${meanings[verdict]}`,
  ...samples.map((sample) => `      ${sampleText(sample)}`),
];

const describeTable = ({
  table,
  asOf,
  crm,
  dataverse,
  equations,
  classes,
  repaired,
  withheldRemovals,
}: VerifyTableBody): readonly string[] => [
  '',
  `${table}, as of ${asOf} by the CRM’s clock`,
  `  CRM        ${equations.crm}`,
  `  Dataverse  ${equations.dataverse}`,
  `  ${'class'.padEnd(18)}${'found'.padStart(9)}${'records'.padStart(9)}${'rows'.padStart(9)}`,
  ...classes.flatMap(describeClass),
  ...(repaired > 0 ? [`  repaired ${repaired}`] : []),
  ...(withheldRemovals > 0 ? [`  ${withheldRemovals} removals wait for a person: they are too many to be made unseen`] : []),
  `  SHA-256 of the CRM        ${crm.digest}`,
  `  SHA-256 of Dataverse      ${dataverse.digest}`,
];

/** The statement as a person reads it. `found` is before a repair, records and rows are at the end. */
export const describeStatement = (statement: VerifyStatementBody): string => {
  const { product, source, environment, crm, dataverse } = statement;
  return [
    `Verification of ${source.name} (${source.id}, connector ${source.connector}) and ${environment.address}`,
    `Organization ${environment.organizationId}`,
    `Run ${statement.runId}, asked for by ${statement.requestedBy}, ${product.name} ${product.version}`,
    `From ${statement.startedOn} to ${statement.finishedOn}${statement.repairs ? ', with repair' : ''}`,
    '',
    statement.agrees ? 'The two sides agree.' : 'The two sides do not agree.',
    `CRM        ${crm.total} records, SHA-256 ${crm.digest}`,
    `Dataverse  ${dataverse.total} rows, SHA-256 ${dataverse.digest}`,
    ...statement.tables.flatMap(describeTable),
    '',
  ].join('\n');
};
