import type { ColumnDescription, TableDescription } from './types.ts';

/**
 * The columns that most mappings fill, as Microsoft's Common Data Model defines account and contact: what a new environment has.
 * An admin may have made them longer or shorter, and choices and lookups differ from one environment to the next, so those are not here.
 * https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/contact
 */
type Kind = number | 'memo' | 'yesNo' | 'day' | 'count' | 'amount';

const address: Readonly<Record<string, Kind>> = {
  address1_line1: 250,
  address1_line2: 250,
  address1_line3: 250,
  address1_city: 80,
  address1_stateorprovince: 50,
  address1_postalcode: 20,
  address1_country: 80,
};
const reach: Readonly<Record<string, Kind>> = {
  emailaddress1: 100,
  emailaddress2: 100,
  emailaddress3: 100,
  telephone1: 50,
  telephone2: 50,
  telephone3: 50,
  fax: 50,
  websiteurl: 200,
  description: 'memo',
};

const columns: Readonly<Record<'account' | 'contact', Readonly<Record<string, Kind>>>> = {
  account: { name: 160, accountnumber: 20, sic: 20, tickersymbol: 10, numberofemployees: 'count', revenue: 'amount', ...reach, ...address },
  contact: {
    salutation: 100,
    firstname: 50,
    middlename: 50,
    lastname: 50,
    suffix: 10,
    nickname: 100,
    jobtitle: 100,
    department: 100,
    mobilephone: 50,
    employeeid: 50,
    birthdate: 'day',
    annualincome: 'amount',
    donotemail: 'yesNo',
    ...reach,
    ...address,
  },
};

const typeOf = (kind: Kind): Partial<ColumnDescription> & Pick<ColumnDescription, 'type' | 'maxLength'> => {
  if (typeof kind === 'number') return { type: 'String', maxLength: kind };
  switch (kind) {
    case 'memo':
      return { type: 'Memo', maxLength: 2000 };
    case 'yesNo':
      return { type: 'Boolean', maxLength: null };
    case 'day':
      return { type: 'DateTime', maxLength: null, dateBehaviour: 'DateOnly' };
    case 'count':
      return { type: 'Integer', maxLength: null, range: { min: 0, max: 1_000_000_000 } };
    case 'amount':
      return { type: 'Money', maxLength: null, range: { min: 0, max: 100_000_000_000_000 }, precision: 4 };
  }
};

/** For showing what a mapping does where no environment is at hand. Never for writing. */
export const standardTable = (table: 'account' | 'contact'): TableDescription => ({
  logicalName: table,
  entitySetName: `${table}s`,
  primaryIdColumn: `${table}id`,
  supportsUpsertMultiple: false,
  columns: new Map(
    Object.entries(columns[table]).map(([logicalName, kind]) => [
      logicalName,
      { logicalName, displayName: logicalName, isValidForCreate: true, isValidForUpdate: true, ...typeOf(kind) },
    ]),
  ),
});
