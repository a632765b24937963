import { type CrmOptions, type RunningCrm } from './crm-kit/running-crm.ts';
import { startSalesforce } from './salesforce/server.ts';
import { startServiceNow } from './servicenow/server.ts';

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
];

export const portFlagOf = ({ id }: CrmEntry): string => `${id}-port`;
