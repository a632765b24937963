import { hubSpotSandbox } from '../../../../api/sandbox/src/hubspot/identity.ts';
import { type OpenedSource, openSource } from '../support/open-source.ts';

export const accessToken = hubSpotSandbox.privateAppToken;
export const portalId = String(hubSpotSandbox.portalId);
export const client = { clientId: hubSpotSandbox.clientId, clientSecret: hubSpotSandbox.clientSecret };

type Options = Partial<Parameters<typeof openSource>[0]>;

/** HubSpot through its connector; signs in with the private app's token when nothing else is said. */
export const openConnected = (url: string, { settings = { accessToken }, ...options }: Options = {}): Promise<OpenedSource> =>
  openSource({ id: 'hubspot', settings: { portalId, address: url, appAddress: url, ...settings }, ...options });
