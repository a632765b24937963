/** As much of Dataverse's metadata as a client asks for, for the columns that Northwind's records end up in. */

interface NullTable {
  readonly logicalName: string;
  readonly entitySetName: string;
  readonly primaryId: string;
  readonly texts: Readonly<Record<string, number>>;
  readonly others: Readonly<Record<string, string>>;
}

const shared = {
  emailaddress1: 100,
  telephone1: 50,
  address1_line1: 250,
  address1_line2: 250,
  address1_line3: 250,
  address1_city: 80,
  address1_stateorprovince: 50,
  address1_postalcode: 20,
  address1_country: 80,
  ccsync_sourcekey: 250,
  ccsync_sourcecrm: 100,
  ccsync_sourcecrmid: 250,
  ccsync_sourcecrmurl: 1_000,
} as const;

const sharedOthers = {
  ccsync_sourcemodifiedon: 'DateTime',
  ccsync_lastsyncedon: 'DateTime',
  ccsync_syncstatus: 'Picklist',
  statecode: 'State',
  statuscode: 'Status',
} as const;

export const nullTables: readonly NullTable[] = [
  {
    logicalName: 'account',
    entitySetName: 'accounts',
    primaryId: 'accountid',
    texts: { ...shared, name: 160, accountnumber: 20, fax: 50, websiteurl: 200 },
    others: {
      ...sharedOthers,
      accountid: 'Uniqueidentifier',
      numberofemployees: 'Integer',
      accountcategorycode: 'Picklist',
      revenue: 'Money',
      transactioncurrencyid: 'Lookup',
      description: 'Memo',
      parentaccountid: 'Lookup',
    },
  },
  {
    logicalName: 'contact',
    entitySetName: 'contacts',
    primaryId: 'contactid',
    texts: { ...shared, firstname: 50, middlename: 50, lastname: 50, jobtitle: 100, mobilephone: 50, fax: 50 },
    others: {
      ...sharedOthers,
      contactid: 'Uniqueidentifier',
      description: 'Memo',
      birthdate: 'DateTime',
      donotemail: 'Boolean',
      parentcustomerid: 'Customer',
    },
  },
  {
    logicalName: 'transactioncurrency',
    entitySetName: 'transactioncurrencies',
    primaryId: 'transactioncurrencyid',
    texts: { isocurrencycode: 5 },
    others: {},
  },
];

const label = (text: string) => ({ UserLocalizedLabel: { Label: text, LanguageCode: 1033 } });

const attribute = (table: NullTable, logicalName: string, type: string) => ({
  LogicalName: logicalName,
  AttributeType: type,
  DisplayName: label(logicalName),
  IsValidForCreate: true,
  IsValidForUpdate: logicalName !== table.primaryId,
});

const definition = (table: NullTable) => ({
  LogicalName: table.logicalName,
  EntitySetName: table.entitySetName,
  PrimaryIdAttribute: table.primaryId,
  ManyToOneRelationships: [
    {
      ReferencingAttribute: 'transactioncurrencyid',
      ReferencedEntity: 'transactioncurrency',
      ReferencingEntityNavigationPropertyName: 'transactioncurrencyid',
    },
  ],
  Keys: [{ KeyAttributes: ['ccsync_sourcekey'], EntityKeyIndexStatus: 'Active', LogicalName: 'ccsync_sourcekey' }],
});

const attributes = (table: NullTable) => [
  ...Object.keys(table.texts).map((name) => attribute(table, name, 'String')),
  ...Object.entries(table.others).map(([name, type]) => attribute(table, name, type)),
];

const categories = {
  Options: [
    { Value: 1, Label: label('Preferred Customer') },
    { Value: 2, Label: label('Standard') },
  ],
};

/** The answer to a metadata path below `/api/data/v9.2/`, or undefined when it is no metadata path. */
export const metadataAnswer = (path: string): object | undefined => {
  if (path.startsWith('sdkmessagefilters')) return { value: [{ sdkmessagefilterid: '11111111-0000-4000-8000-000000000001' }] };
  const [, name, rest = ''] = /^EntityDefinitions\(LogicalName='([a-z]+)'\)([^?]*)/.exec(path) ?? [];
  const table = nullTables.find(({ logicalName }) => logicalName === name);
  if (!table) return undefined;
  if (rest === '') return definition(table);
  if (rest === '/Keys') return { value: definition(table).Keys };
  if (rest === '/Attributes') return { value: attributes(table) };
  if (rest.endsWith('.StringAttributeMetadata')) {
    return { value: Object.entries(table.texts).map(([LogicalName, MaxLength]) => ({ LogicalName, MaxLength })) };
  }
  if (rest.endsWith('.PicklistAttributeMetadata')) return { value: [{ LogicalName: 'accountcategorycode', OptionSet: categories }] };
  if (rest.endsWith('.MemoAttributeMetadata')) return { value: [{ LogicalName: 'description', MaxLength: 2_000 }] };
  return { value: [] };
};
