import { parseArgs } from 'node:util';
import { compileColumnRules } from '../../api/src/crm/value/column-rules.ts';
import type { MappingBody } from '../../api/src/crm/manifest/schema/table.ts';
import type { JsonValue, SourceRecord } from '../../api/src/crm/types.ts';
import type { ColumnDescription, TableDescription } from '../../api/src/dataverse/types.ts';
import { compileMapping } from '../../api/src/sync/map.ts';

/** `npm run bench -- map`: what step 2 costs a record of 20 columns of all types, beside a literal that somebody wrote by hand. */
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' }, records: { type: 'string', default: '100000' } } });
const mostMicroseconds = 10;

const option = (value: number, label: string) => ({ value, label, labels: [label] });
const column = (logicalName: string, type: string, more: Partial<ColumnDescription> = {}): [string, ColumnDescription] => [
  logicalName,
  { logicalName, type, maxLength: null, displayName: logicalName, isValidForCreate: true, isValidForUpdate: true, ...more },
];
const text = (name: string, maxLength: number) => column(name, 'String', { maxLength });
const description: TableDescription = {
  logicalName: 'account',
  entitySetName: 'accounts',
  primaryIdColumn: 'accountid',
  supportsUpsertMultiple: true,
  columns: new Map([
    text('name', 160),
    text('accountnumber', 20),
    text('telephone1', 50),
    text('fax', 50),
    text('websiteurl', 200),
    text('emailaddress1', 100),
    text('address1_line1', 250),
    text('address1_line2', 250),
    text('address1_line3', 250),
    text('address1_city', 80),
    text('address1_stateorprovince', 50),
    text('address1_postalcode', 20),
    text('address1_country', 80),
    column('numberofemployees', 'Integer', { range: { min: 0, max: 1e9 } }),
    column('revenue', 'Money', { range: { min: 0, max: 1e14 }, precision: 4 }),
    column('accountcategorycode', 'Picklist', { options: [option(1, 'Preferred Customer'), option(2, 'Standard')] }),
    column('new_interests', 'MultiSelectPicklist', { options: [option(1, 'Coffee'), option(2, 'Tea'), option(3, 'Spices')] }),
    column('creditonhold', 'Boolean', { options: [option(1, 'Yes'), option(0, 'No')] }),
    column('new_customersince', 'DateTime', { dateBehaviour: 'DateOnly' }),
    column('new_lastorderon', 'DateTime', { dateBehaviour: 'UserLocal' }),
  ]),
};

const mapping: readonly MappingBody[] = [
  { to: 'name', from: 'name', via: ['trim'] },
  { to: 'accountnumber', from: 'number' },
  { to: 'telephone1', from: 'phone', via: ['trim'] },
  { to: 'fax', from: 'fax' },
  { to: 'websiteurl', from: 'website', via: ['ensureScheme'] },
  { to: 'emailaddress1', from: 'email', via: ['lower'] },
  { to: ['address1_line1', 'address1_line2', 'address1_line3'], from: 'street', via: ['splitLines'], tooLong: 'truncate' },
  { to: 'address1_city', from: 'address.city' },
  { to: 'address1_stateorprovince', from: 'address.region' },
  { to: 'address1_postalcode', from: 'address.postal_code' },
  { to: 'address1_country', from: 'address.country' },
  { to: 'numberofemployees', from: 'employees' },
  { to: 'revenue', from: 'revenue' },
  { to: 'accountcategorycode', from: 'segment', choices: { key: 'Preferred Customer' } },
  { to: 'new_interests', from: 'interests' },
  { to: 'creditonhold', from: 'on_hold' },
  { to: 'new_customersince', from: 'customer_since' },
  { to: 'new_lastorderon', from: 'last_order_on' },
];

const fieldsOf = (index: number) => ({
  name: `Größner & Söhne GmbH ${index}`,
  number: `C-${index}`,
  phone: ` +49 211 ${index}`,
  fax: null,
  website: `www.kunde-${index}.example`,
  email: `Info.${index}@Kunde.Example`,
  street: `Königsallee ${index}\nHinterhaus`,
  address: { city: 'Düsseldorf', region: 'Nordrhein-Westfalen', postal_code: '40215', country: 'Germany' },
  employees: index % 5_000,
  revenue: index + 0.25,
  segment: index % 3 === 0 ? 'key' : 'standard',
  interests: ['tea', 'Coffee'],
  on_hold: index % 7 === 0 ? 'yes' : 'no',
  customer_since: '2019-04-01',
  last_order_on: '2026-03-05T14:12:33.120+01:00',
});
type Fields = ReturnType<typeof fieldsOf>;

const records: readonly SourceRecord[] = Array.from({ length: Number(values.records) }, (_, index) => ({
  id: String(1_000_001 + index),
  modifiedOnMs: 1,
  isDeleted: false,
  isSkipped: false,
  parentId: null,
  url: `https://crm.example/companies/${index}`,
  fields: fieldsOf(index) satisfies Record<string, JsonValue>,
}));

const map = compileMapping({
  sourceId: 'bench',
  table: 'account',
  columns: compileColumnRules(mapping),
  description,
  targetTables: new Map(),
  reserved: new Map(),
});

/** The row as one would write it for these very fields: no lengths, no limits, no labels, no reasons, no hash. */
const literal = ({ fields }: SourceRecord): string => {
  const from = fields as Fields;
  const [line1 = null, line2 = null, line3 = null] = from.street.split('\n');
  return JSON.stringify({
    name: from.name.trim(),
    accountnumber: from.number,
    telephone1: from.phone.trim(),
    fax: from.fax,
    websiteurl: from.website.includes('://') ? from.website : `https://${from.website}`,
    emailaddress1: from.email.toLowerCase(),
    address1_line1: line1,
    address1_line2: line2,
    address1_line3: line3,
    address1_city: from.address.city,
    address1_stateorprovince: from.address.region,
    address1_postalcode: from.address.postal_code,
    address1_country: from.address.country,
    numberofemployees: from.employees,
    revenue: from.revenue,
    accountcategorycode: from.segment === 'key' ? 1 : 2,
    new_interests: '1,2',
    creditonhold: from.on_hold === 'yes',
    new_customersince: from.customer_since,
    new_lastorderon: new Date(from.last_order_on).toISOString(),
  });
};

/** Microseconds of the processor a record, so that others on the machine do not count. `work` gives something of each, so that no work can be left out as unused. */
const measure = (work: (record: SourceRecord) => number): number => {
  const started = process.threadCpuUsage();
  let sum = 0;
  for (const record of records) sum += work(record);
  if (sum <= 0) throw new Error('nothing was mapped');
  const { user, system } = process.threadCpuUsage(started);
  return (user + system) / records.length;
};

const mapOne = (record: SourceRecord): number => {
  const mapped = map(record);
  if (mapped.kind !== 'row') throw new Error(mapped.kind === 'failed' ? mapped.failure.reason : mapped.kind);
  return mapped.columnsJson.length;
};
const writeOne = (record: SourceRecord): number => literal(record).length;

// The first time warms the process up.
measure(mapOne);
measure(writeOne);
const rounds = Array.from({ length: Number(values.rounds) }, () => ({ mapped: measure(mapOne), written: measure(writeOne) }));
const best = (pick: (round: (typeof rounds)[number]) => number): number => Math.min(...rounds.map(pick));
const mapped = best((round) => round.mapped);
const written = best((round) => round.written);
const isMet = mapped <= mostMicroseconds;
process.stdout.write(
  `${description.columns.size} columns, ${records.length.toLocaleString('en-US')} records, best of ${rounds.length} rounds
  mapped, with hash    ${mapped.toFixed(2)} µs/record (at most ${mostMicroseconds}) ${isMet ? 'met' : 'MISSED'}
  literal, stringified ${written.toFixed(2)} µs/record
  ratio                ${(mapped / written).toFixed(2)}
`,
);
process.exitCode = isMet ? 0 : 1;
