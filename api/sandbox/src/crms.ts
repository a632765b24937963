/** The CRMs that can stand beside Northwind. One more CRM is one more line here. */

import { startHubSpot } from './hubspot/server.ts';
import { startZendesk } from './zendesk/server.ts';

export interface CrmOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Generated records, beside the sample data. */
  readonly accounts: number;
  readonly contacts: number;
  readonly seed: number;
  /** Where CRM Sync's panel is; the pages for people link to it. */
  readonly apiUrl: string;
}

export interface RunningCrm {
  /** Without a slash at its end. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

export interface CrmEntry {
  /** Its flag is `--{id}-port`, its address in the ready line `{id}Url`. */
  readonly id: string;
  readonly name: string;
  readonly start: (options: CrmOptions) => Promise<RunningCrm>;
}

export const crms: readonly CrmEntry[] = [
  { id: 'hubspot', name: 'HubSpot', start: startHubSpot },
  { id: 'zendesk', name: 'Zendesk', start: startZendesk },
];

export const portFlagOf = ({ id }: CrmEntry): string => `${id}-port`;
