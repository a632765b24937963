/** Which columns the sample forms show, and where; the labels are Dataverse's display names. */

/** @typedef {{ readonly column: string, readonly label: string }} Field */
/** @typedef {{ readonly title: string, readonly fields: readonly Field[] }} Section */
/** @typedef {{ readonly title: string, readonly nameColumn: string, readonly tabs: readonly { readonly title: string, readonly sections: readonly Section[] }[] }} Layout */

/** @param {string} column @param {string} label @returns {Field} */
const field = (column, label) => ({ column, label });

/** @type {Section} */
const address = {
  title: 'Address',
  fields: [
    field('address1_line1', 'Address 1: Street 1'),
    field('address1_city', 'Address 1: City'),
    field('address1_stateorprovince', 'Address 1: State/Province'),
    field('address1_postalcode', 'Address 1: ZIP/Postal Code'),
    field('address1_country', 'Address 1: Country/Region'),
  ],
};

/** @type {Section} */
const source = {
  title: 'Source',
  fields: [
    field('ccsync_sourcecrm', 'Source CRM'),
    field('ccsync_sourcecrmid', 'Source CRM ID'),
    field('ccsync_sourcekey', 'Source Key'),
    field('ccsync_sourcemodifiedon', 'Changed in Source CRM On'),
    field('ccsync_lastsyncedon', 'Last Synced On'),
    field('ccsync_syncstatus', 'Sync Status'),
  ],
};

/** @type {Section} */
const record = {
  title: 'Record',
  fields: [field('createdon', 'Created On'), field('modifiedon', 'Modified On'), field('statecode', 'Status')],
};

/** @type {Readonly<Record<string, Layout>>} */
export const layouts = {
  account: {
    title: 'Account',
    nameColumn: 'name',
    tabs: [
      {
        title: 'Summary',
        sections: [
          {
            title: 'Account information',
            fields: [
              field('name', 'Account Name'),
              field('telephone1', 'Main Phone'),
              field('fax', 'Fax'),
              field('websiteurl', 'Website'),
              field('emailaddress1', 'Email'),
              field('numberofemployees', 'Number of Employees'),
              field('accountcategorycode', 'Category'),
              field('revenue', 'Annual Revenue'),
            ],
          },
          address,
        ],
      },
      { title: 'Details', sections: [source, record] },
    ],
  },
  contact: {
    title: 'Contact',
    nameColumn: 'fullname',
    tabs: [
      {
        title: 'Summary',
        sections: [
          {
            title: 'Contact information',
            fields: [
              field('firstname', 'First Name'),
              field('lastname', 'Last Name'),
              field('jobtitle', 'Job Title'),
              field('_parentcustomerid_value', 'Company Name'),
              field('emailaddress1', 'Email'),
              field('telephone1', 'Business Phone'),
              field('mobilephone', 'Mobile Phone'),
              field('birthdate', 'Birthday'),
              field('donotemail', 'Do not allow Emails'),
            ],
          },
          address,
        ],
      },
      { title: 'Details', sections: [source, record] },
    ],
  },
};

/** @param {Layout} layout every column that the form needs */
export const columnsOf = (layout) => [
  ...new Set([
    layout.nameColumn,
    'ccsync_sourcekey',
    ...layout.tabs.flatMap((tab) => tab.sections.flatMap((section) => section.fields.map(({ column }) => column))),
  ]),
];
