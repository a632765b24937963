import { createApiClient } from '@crm-sync/client';
import { signInAs } from './first-sync.ts';

export interface Places {
  readonly apiUrl: string;
  readonly crmUrl: string;
  readonly formUrl: string;
  readonly dataverseUrl: string;
  readonly issuerUrl: string;
}

/** Has the CRM post its changes, as an admin would: `crm-sync webhooks install --source northwind`. */
export const installWebhook = async ({ apiUrl, issuerUrl }: Pick<Places, 'apiUrl' | 'issuerUrl'>): Promise<void> => {
  const client = createApiClient({ baseUrl: apiUrl, getToken: () => signInAs(issuerUrl, 'admin') });
  const { changes } = await client.installHook('northwind', {});
  const failed = changes.find(({ outcome }) => outcome === 'failed');
  if (failed !== undefined) throw new Error(`The CRM did not take the webhook: ${failed.problem}`);
};

/** Name and address of what a person wants to see, the most wanted first. */
export const placesToSee = ({ apiUrl, crmUrl, formUrl, dataverseUrl, issuerUrl }: Places): readonly (readonly [string, string])[] => [
  ['Sample form (the agent)', formUrl],
  ['Control panel (the admin)', `${apiUrl}/panel/`],
  ['CRM', crmUrl],
  ['API', `${apiUrl}/openapi.json`],
  ['Dataverse Web API', `${dataverseUrl}/api/data/v9.2/`],
  ['Sign-in', issuerUrl],
];
