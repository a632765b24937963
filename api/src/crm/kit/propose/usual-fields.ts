/** What CRMs call the fields that Dataverse's columns are for, in plain form; the first that a CRM has counts. Wider names come later. */
export interface UsualField {
  readonly to: string;
  readonly names: readonly string[];
  readonly via?: readonly string[];
  readonly tooLong?: 'truncate';
  /** `text`: anything else of that name is something else. */
  readonly takes: 'text' | 'number' | 'day' | 'list';
}

const street = ['street', 'addressline1', 'address1', 'line1', 'streetaddress', 'mailingstreet', 'billingstreet', 'address'];
const address: readonly UsualField[] = [
  { to: 'address1_line1', names: street, tooLong: 'truncate', takes: 'text' },
  { to: 'address1_city', names: ['city', 'town', 'locality', 'mailingcity', 'billingcity'], takes: 'text' },
  {
    to: 'address1_stateorprovince',
    names: ['state', 'region', 'province', 'stateprovince', 'mailingstate', 'billingstate'],
    takes: 'text',
  },
  {
    to: 'address1_postalcode',
    names: ['postalcode', 'zip', 'zipcode', 'postcode', 'mailingpostalcode', 'billingpostalcode'],
    takes: 'text',
  },
  {
    to: 'address1_country',
    names: ['country', 'countryname', 'countrycode', 'mailingcountry', 'billingcountry'],
    via: ['countryName'],
    takes: 'text',
  },
];
const website: UsualField = {
  to: 'websiteurl',
  names: ['website', 'websiteurl', 'homepage', 'web', 'webpage', 'domain', 'url'],
  via: ['ensureScheme'],
  takes: 'text',
};
const fax: UsualField = { to: 'fax', names: ['fax', 'faxnumber'], takes: 'text' };

export const nameFields: readonly UsualField[] = [
  { to: 'firstname', names: ['firstname', 'givenname', 'forename', 'fname', 'first', 'given'], takes: 'text' },
  { to: 'lastname', names: ['lastname', 'surname', 'familyname', 'lname', 'last', 'family'], takes: 'text' },
];
export const wholeNames = ['fullname', 'name', 'displayname', 'contactname', 'personname'];
export const mailNames = [
  'email',
  'emailaddress',
  'mail',
  'emailaddress1',
  'primaryemail',
  'workemail',
  'emails',
  'emailaddresses',
  'mails',
];
export const mobileNames = ['mobile', 'mobilephone', 'mobilenumber', 'cell', 'cellphone', 'cellular'];
export const phoneNames = [
  'phone',
  'phonenumber',
  'telephone',
  'tel',
  'workphone',
  'businessphone',
  'phones',
  'phonenumbers',
  'telephones',
];

export const usualFields: Readonly<Record<'account' | 'contact', readonly UsualField[]>> = {
  account: [
    {
      to: 'name',
      names: ['name', 'companyname', 'accountname', 'organizationname', 'organisationname', 'title', 'displayname'],
      tooLong: 'truncate',
      takes: 'text',
    },
    { to: 'accountnumber', names: ['accountnumber', 'customernumber', 'accountno', 'customerno', 'number', 'companyno'], takes: 'text' },
    fax,
    website,
    { to: 'numberofemployees', names: ['employees', 'numberofemployees', 'employeecount', 'headcount'], via: ['int'], takes: 'number' },
    { to: 'revenue', names: ['annualrevenue', 'revenue', 'turnover'], takes: 'number' },
    ...address,
  ],
  contact: [
    { to: 'salutation', names: ['salutation', 'nameprefix'], takes: 'text' },
    { to: 'jobtitle', names: ['jobtitle', 'title', 'position', 'role'], tooLong: 'truncate', takes: 'text' },
    { to: 'department', names: ['department'], takes: 'text' },
    fax,
    website,
    { to: 'birthdate', names: ['birthdate', 'birthday', 'dateofbirth', 'dob'], takes: 'day' },
    ...address,
  ],
};
