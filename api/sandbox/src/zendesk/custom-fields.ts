/** Zendesk has no columns for addresses, titles or websites: an account that needs them makes custom fields, as this one did. */
export interface CustomField {
  readonly id: number;
  readonly key: string;
  readonly title: string;
  readonly type: 'text' | 'textarea' | 'integer';
}

const address = (firstId: number): readonly CustomField[] => [
  { id: firstId, key: 'street', title: 'Street', type: 'textarea' },
  { id: firstId + 1, key: 'city', title: 'City', type: 'text' },
  { id: firstId + 2, key: 'region', title: 'Region', type: 'text' },
  { id: firstId + 3, key: 'postal_code', title: 'Postal code', type: 'text' },
  { id: firstId + 4, key: 'country', title: 'Country', type: 'text' },
];

export const userFields: readonly CustomField[] = [
  { id: 7001, key: 'job_title', title: 'Job title', type: 'text' },
  { id: 7002, key: 'mobile_phone', title: 'Mobile phone', type: 'text' },
  ...address(7003),
];

export const organizationFields: readonly CustomField[] = [
  { id: 8001, key: 'phone', title: 'Phone', type: 'text' },
  { id: 8002, key: 'fax', title: 'Fax', type: 'text' },
  { id: 8003, key: 'website', title: 'Website', type: 'text' },
  { id: 8004, key: 'employees', title: 'Employees', type: 'integer' },
  ...address(8005),
];
