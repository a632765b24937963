/**
 * The columns that Microsoft's own connector (solution msdyn_ContactCenterCRMConnector) adds to account and contact. Lengths and the list of
 * the choice are not published: its flows write 2 for ServiceNow and 3 for Zendesk. So the list is the environment's to say, and a client's
 * to read.
 */
import { choice, text, url } from './columns.ts';
import type { ChoiceOption, ColumnDefinition } from './definition.ts';

export const usualSourceCrms: readonly ChoiceOption[] = [
  { value: 1, label: 'Salesforce' },
  { value: 2, label: 'ServiceNow' },
  { value: 3, label: 'Zendesk' },
];

export const microsoftColumns = (sourceCrms: readonly ChoiceOption[]): readonly ColumnDefinition[] => [
  choice('msdyn_source_crm', 'Source CRM', sourceCrms, { schemaName: 'msdyn_source_crm' }),
  text('msdyn_source_crm_id', 'Source CRM ID', 100, { schemaName: 'msdyn_source_crm_id' }),
  url('msdyn_source_crm_url', 'Source CRM URL', 500, { schemaName: 'msdyn_source_crm_url' }),
];
