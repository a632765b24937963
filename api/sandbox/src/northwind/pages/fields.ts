import type { Field } from '../../crm-kit/pages/fields.ts';

const addressFields = [
  { name: 'street', label: 'Street', isMultiLine: true },
  { name: 'city', label: 'City' },
  { name: 'region', label: 'Region' },
  { name: 'postal_code', label: 'Postal code' },
  { name: 'country', label: 'Country' },
] as const satisfies readonly Field[];

/** What can be changed on a company's page. */
export const companyFields = [
  { name: 'name', label: 'Name', isRequired: true },
  { name: 'phone', label: 'Phone' },
  { name: 'fax', label: 'Fax' },
  { name: 'website', label: 'Website' },
  { name: 'segment', label: 'Segment' },
  ...addressFields,
] as const satisfies readonly Field[];

/** What can be changed on a person's page. */
export const personFields = [
  { name: 'full_name', label: 'Full name', isRequired: true },
  { name: 'title', label: 'Job title' },
  { name: 'email', label: 'E-mail' },
  { name: 'phone', label: 'Phone' },
  { name: 'mobile', label: 'Mobile phone' },
  { name: 'company_id', label: 'Company ID' },
  { name: 'birthday', label: 'Birthday' },
  ...addressFields,
] as const satisfies readonly Field[];
