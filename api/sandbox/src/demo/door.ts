import { northwindApiKey } from '../northwind/server.ts';
import { demoHookSecret } from './config.ts';

export interface Places {
  readonly apiUrl: string;
  readonly crmUrl: string;
  readonly formUrl: string;
  readonly dataverseUrl: string;
  readonly issuerUrl: string;
}

/** Tells the CRM where to post its changes. */
export const subscribeToCrm = async ({ apiUrl, crmUrl }: Pick<Places, 'apiUrl' | 'crmUrl'>): Promise<void> => {
  const response = await fetch(`${crmUrl}/api/v1/hooks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': northwindApiKey },
    body: JSON.stringify({ url: `${apiUrl}/webhooks/northwind`, secret: demoHookSecret }),
  });
  if (!response.ok) throw new Error(`The CRM did not take the webhook: HTTP ${response.status}`);
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
