import { apiKey, clientId, clientSecret, password, userName } from '../../../../api/sandbox/src/servicenow/data/identity.ts';
import { type OpenedSource, openSource } from '../support/open-source.ts';

export const signIns: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  oauth: { clientId, clientSecret },
  basic: { userName, password },
  apiKey: { apiKey },
};

type Options = Partial<Parameters<typeof openSource>[0]>;

/** ServiceNow through its connector; signs in as the manifest prefers when nothing else is said. */
export const openConnected = (url: string, { settings = signIns.oauth, ...options }: Options = {}): Promise<OpenedSource> =>
  openSource({ id: 'servicenow', settings: { address: url, ...settings }, ...options });
