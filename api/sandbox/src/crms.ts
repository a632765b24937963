import type { CrmOptions, RunningCrm } from './crm-kit/running-crm.ts';
import { startHubSpot } from './hubspot/server.ts';
import { startSalesforce } from './salesforce/server.ts';
import { startServiceNow } from './servicenow/server.ts';
import { startZendesk } from './zendesk/server.ts';

/** The CRMs that can stand beside Northwind. One more CRM is one more line here. */

export interface CrmEntry {
  /** Its flag is `--{id}-port`, its address in the ready line `{id}Url`. */
  readonly id: string;
  readonly name: string;
  readonly start: (options: CrmOptions) => Promise<RunningCrm>;
}

export const crms: readonly CrmEntry[] = [
  { id: 'salesforce', name: 'Salesforce', start: startSalesforce },
  { id: 'servicenow', name: 'ServiceNow', start: startServiceNow },
  { id: 'hubspot', name: 'HubSpot', start: startHubSpot },
  { id: 'zendesk', name: 'Zendesk', start: startZendesk },
];

export const portFlagOf = ({ id }: CrmEntry): string => `${id}-port`;
