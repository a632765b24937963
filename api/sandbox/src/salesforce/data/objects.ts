import { type Field, address, field, reference, systemFields, text } from './field.ts';

export interface ObjectDefinition {
  readonly name: string;
  readonly labelPlural: string;
  /** The first three characters of its records' ids. */
  readonly keyPrefix: string;
  readonly fields: readonly Field[];
  readonly fieldByName: ReadonlyMap<string, Field>;
  /** Without which nothing is created. */
  readonly required: readonly string[];
  readonly isWritable: boolean;
}

type Written = Pick<ObjectDefinition, 'name' | 'labelPlural' | 'keyPrefix' | 'required' | 'isWritable'> & {
  readonly own: readonly Field[];
};

const define = ({ own, ...rest }: Written): ObjectDefinition => {
  const fields = [...systemFields(rest.name), ...own];
  // Names are the same to Salesforce in any case.
  return { ...rest, fields, fieldByName: new Map(fields.map((each) => [each.name.toLowerCase(), each])) };
};

const owner = reference('OwnerId', 'User', 'Owner', { isNillable: false });

/**
 * Lengths as https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_account.htm has them.
 * Person accounts are off, so there is no IsPersonAccount.
 */
const account = define({
  name: 'Account',
  labelPlural: 'Accounts',
  keyPrefix: '001',
  required: ['Name'],
  isWritable: true,
  own: [
    text('Name', 255, { isNillable: false }),
    reference('ParentId', 'Account', 'Parent'),
    ...address('Billing'),
    ...address('Shipping'),
    field('Phone', 'phone', 40),
    field('Fax', 'phone', 40),
    text('AccountNumber', 40),
    field('Website', 'url', 255),
    text('Sic', 20),
    field('Type', 'picklist', 255),
    field('Industry', 'picklist', 255),
    field('AnnualRevenue', 'currency', 0),
    field('NumberOfEmployees', 'int', 0),
    text('TickerSymbol', 20),
    field('Description', 'textarea', 32_000),
    owner,
  ],
});

/** https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_contact.htm */
const contact = define({
  name: 'Contact',
  labelPlural: 'Contacts',
  keyPrefix: '003',
  required: ['LastName'],
  isWritable: true,
  own: [
    reference('AccountId', 'Account', 'Account'),
    text('LastName', 80, { isNillable: false }),
    text('FirstName', 40),
    field('Salutation', 'picklist', 40),
    text('Name', 121, { isWritable: false, isNillable: false }),
    ...address('Mailing'),
    ...address('Other'),
    field('Phone', 'phone', 40),
    field('Fax', 'phone', 40),
    field('MobilePhone', 'phone', 40),
    field('HomePhone', 'phone', 40),
    field('OtherPhone', 'phone', 40),
    reference('ReportsToId', 'Contact', 'ReportsTo'),
    field('Email', 'email', 80),
    text('Title', 128),
    text('Department', 80),
    text('AssistantName', 40),
    field('AssistantPhone', 'phone', 40),
    field('HasOptedOutOfEmail', 'boolean', 0, { isNillable: false }),
    field('Birthdate', 'date', 0),
    field('Description', 'textarea', 32_000),
    owner,
  ],
});

const user = define({
  name: 'User',
  labelPlural: 'Users',
  keyPrefix: '005',
  required: [],
  isWritable: false,
  own: [text('Username', 80), text('Name', 121), field('Email', 'email', 128), field('IsActive', 'boolean', 0)],
});

const organization = define({
  name: 'Organization',
  labelPlural: 'Organizations',
  keyPrefix: '00D',
  required: [],
  isWritable: false,
  own: [text('Name', 80), text('InstanceName', 5), field('IsSandbox', 'boolean', 0), text('OrganizationType', 40)],
});

const objects = new Map([account, contact, user, organization].map((each) => [each.name.toLowerCase(), each]));

export const objectNames = ['Account', 'Contact', 'User', 'Organization'] as const;

export const findObject = (name: string): ObjectDefinition | undefined => objects.get(name.toLowerCase());

/** Of an object that this file names itself. */
export const objectNamed = (name: (typeof objectNames)[number]): ObjectDefinition => {
  const definition = findObject(name);
  if (!definition) throw new Error(`There is no object ${name}.`);
  return definition;
};
