/** The tables of Dynamics 365 Sales that Microsoft's Web API pages use in their examples: lead, opportunity, competitor. */
import {
  customer,
  dateOnly,
  email,
  currencyColumns,
  lookup,
  memo,
  money,
  phone,
  primaryId,
  computedText,
  organizationColumns,
  stateAndReason,
  systemColumnsFor,
  text,
  url,
} from './columns.ts';
import type { TableDefinition } from './definition.ts';

const amount = { minValue: 0, maxValue: 922_337_203_685_477 };
const userOwned = { supportsBulkMessages: true, isReadOnly: false, keys: [] } as const;

/** A column of account and contact: the lead that they were made from. */
export const originatingLead = (collectionProperty: string, navigationProperty: string) =>
  lookup('originatingleadid', 'Originating Lead', [{ table: 'lead', navigationProperty, collectionProperty, onDelete: 'RemoveLink' }]);

export const lead: TableDefinition = {
  ...userOwned,
  logicalName: 'lead',
  schemaName: 'Lead',
  entitySetName: 'leads',
  displayName: 'Lead',
  displayCollectionName: 'Leads',
  objectTypeCode: 4,
  primaryIdColumn: 'leadid',
  primaryNameColumn: 'fullname',
  columns: [
    primaryId('leadid', 'Lead'),
    computedText('fullname', 'Name', 160),
    text('subject', 'Topic', 300),
    text('firstname', 'First Name', 50),
    text('lastname', 'Last Name', 50),
    text('companyname', 'Company Name', 100),
    text('jobtitle', 'Job Title', 100),
    email('emailaddress1', 'Email', 100),
    phone('telephone1', 'Business Phone', 50),
    memo('description', 'Description', 2000),
    ...stateAndReason(
      [
        { value: 0, label: 'Open' },
        { value: 1, label: 'Qualified' },
        { value: 2, label: 'Disqualified' },
      ],
      [
        { value: 1, label: 'New', state: 0 },
        { value: 2, label: 'Contacted', state: 0 },
        { value: 3, label: 'Qualified', state: 1 },
        { value: 4, label: 'Lost', state: 2 },
        { value: 7, label: 'Canceled', state: 2 },
      ],
    ),
    ...systemColumnsFor('lead_owning_user'),
  ],
};

export const opportunity: TableDefinition = {
  ...userOwned,
  logicalName: 'opportunity',
  schemaName: 'Opportunity',
  entitySetName: 'opportunities',
  displayName: 'Opportunity',
  displayCollectionName: 'Opportunities',
  objectTypeCode: 3,
  primaryIdColumn: 'opportunityid',
  primaryNameColumn: 'name',
  columns: [
    primaryId('opportunityid', 'Opportunity'),
    text('name', 'Topic', 300, { requiredLevel: 'ApplicationRequired' }),
    memo('description', 'Description', 2000),
    customer('customerid', 'Potential Customer', [
      {
        table: 'account',
        navigationProperty: 'customerid_account',
        collectionProperty: 'opportunity_customer_accounts',
        onDelete: 'Cascade',
      },
      {
        table: 'contact',
        navigationProperty: 'customerid_contact',
        collectionProperty: 'opportunity_customer_contacts',
        onDelete: 'Cascade',
      },
    ]),
    originatingLead('opportunity_originating_lead', 'originatingleadid'),
    money('estimatedvalue', 'Est. Revenue', amount),
    dateOnly('estimatedclosedate', 'Est. Close Date'),
    ...currencyColumns,
    ...stateAndReason(
      [
        { value: 0, label: 'Open' },
        { value: 1, label: 'Won' },
        { value: 2, label: 'Lost' },
      ],
      [
        { value: 1, label: 'In Progress', state: 0 },
        { value: 2, label: 'On Hold', state: 0 },
        { value: 3, label: 'Won', state: 1 },
        { value: 4, label: 'Canceled', state: 2 },
        { value: 5, label: 'Out-Sold', state: 2 },
      ],
    ),
    ...systemColumnsFor('opportunity_owning_user'),
  ],
};

/** Belongs to the organization: it has no owner and no states. */
export const competitor: TableDefinition = {
  ...userOwned,
  supportsBulkMessages: false,
  logicalName: 'competitor',
  schemaName: 'Competitor',
  entitySetName: 'competitors',
  displayName: 'Competitor',
  displayCollectionName: 'Competitors',
  objectTypeCode: 123,
  primaryIdColumn: 'competitorid',
  primaryNameColumn: 'name',
  columns: [
    primaryId('competitorid', 'Competitor'),
    text('name', 'Name', 100, { requiredLevel: 'ApplicationRequired' }),
    memo('strengths', 'Strength', 2000),
    memo('weaknesses', 'Weakness', 2000),
    url('websiteurl', 'Website', 200),
    ...organizationColumns,
  ],
};
