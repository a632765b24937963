import type { ObjectType } from './types.ts';

export interface PropertyDefinition {
  readonly name: string;
  readonly label: string;
  readonly type: 'string' | 'number' | 'datetime' | 'enumeration' | 'phone_number';
  readonly fieldType: string;
  /** HubSpot sets it; a write to it is refused. */
  readonly isReadOnly?: boolean;
  readonly hasUniqueValue?: boolean;
}

export interface ObjectTypeDefinition {
  readonly name: ObjectType;
  readonly singular: 'contact' | 'company';
  /** https://developers.hubspot.com/docs/guides/crm/understanding-the-crm#object-type-ids */
  readonly objectTypeId: '0-1' | '0-2';
  /** The trap of the date filter: it has another name on contacts than on everything else. */
  readonly modifiedProperty: 'lastmodifieddate' | 'hs_lastmodifieddate';
  /** Returned when no `properties` are asked for. https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm */
  readonly defaultProperties: readonly string[];
  /** Looked through by `query`. */
  readonly searchedProperties: readonly string[];
  readonly properties: readonly PropertyDefinition[];
}

const text = (name: string, label: string): PropertyDefinition => ({ name, label, type: 'string', fieldType: 'text' });
const phone = (name: string, label: string): PropertyDefinition => ({ name, label, type: 'string', fieldType: 'phonenumber' });
const number = (name: string, label: string): PropertyDefinition => ({ name, label, type: 'number', fieldType: 'number' });
const kept = (definition: PropertyDefinition): PropertyDefinition => ({ ...definition, isReadOnly: true });
const moment = (name: string, label: string): PropertyDefinition => kept({ name, label, type: 'datetime', fieldType: 'date' });

const address = [
  text('address', 'Street Address'),
  text('city', 'City'),
  text('state', 'State/Region'),
  text('zip', 'Postal Code'),
  text('country', 'Country/Region'),
];

const keptForAll = [
  moment('createdate', 'Create Date'),
  kept(number('hs_object_id', 'Record ID')),
  kept({ ...text('hs_merged_object_ids', 'Merged record IDs'), type: 'enumeration', fieldType: 'checkbox' }),
];

export const objectTypes: Readonly<Record<ObjectType, ObjectTypeDefinition>> = {
  contacts: {
    name: 'contacts',
    singular: 'contact',
    objectTypeId: '0-1',
    modifiedProperty: 'lastmodifieddate',
    defaultProperties: ['createdate', 'email', 'firstname', 'hs_object_id', 'lastmodifieddate', 'lastname'],
    searchedProperties: ['firstname', 'lastname', 'email', 'phone', 'hs_additional_emails', 'company'],
    properties: [
      ...keptForAll,
      moment('lastmodifieddate', 'Last Modified Date'),
      { ...text('email', 'Email'), hasUniqueValue: true },
      text('hs_additional_emails', 'Additional email addresses'),
      text('firstname', 'First Name'),
      text('lastname', 'Last Name'),
      text('salutation', 'Salutation'),
      text('jobtitle', 'Job Title'),
      phone('phone', 'Phone Number'),
      phone('mobilephone', 'Mobile Phone Number'),
      ...address,
      // Free text that people type: not the company that the contact belongs to.
      text('company', 'Company Name'),
      text('website', 'Website URL'),
      kept(number('associatedcompanyid', 'Primary Associated Company ID')),
    ],
  },
  companies: {
    name: 'companies',
    singular: 'company',
    objectTypeId: '0-2',
    modifiedProperty: 'hs_lastmodifieddate',
    defaultProperties: ['createdate', 'domain', 'hs_lastmodifieddate', 'hs_object_id', 'name'],
    searchedProperties: ['name', 'domain', 'phone', 'website'],
    properties: [
      ...keptForAll,
      moment('hs_lastmodifieddate', 'Last Modified Date'),
      text('name', 'Company name'),
      text('domain', 'Company Domain Name'),
      text('website', 'Website URL'),
      phone('phone', 'Phone Number'),
      ...address,
      text('address2', 'Street Address 2'),
      number('numberofemployees', 'Number of Employees'),
      number('annualrevenue', 'Annual Revenue'),
      text('industry', 'Industry'),
      text('description', 'Description'),
      text('hs_parent_company_id', 'Parent Company'),
    ],
  },
};

export const propertyOf = (type: ObjectTypeDefinition, name: string): PropertyDefinition | undefined =>
  type.properties.find((property) => property.name === name);
