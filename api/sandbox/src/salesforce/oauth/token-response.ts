import { createHmac } from 'node:crypto';
import { clientSecret, orgId, userId } from '../data/identity.ts';

interface TokenResponseOptions {
  readonly url: string;
  readonly accessToken: string;
  readonly now: Date;
  readonly scope: string;
  readonly refreshToken?: string;
}

/**
 * There is no `expires_in`: how long a session lasts is the organisation's setting, and nobody tells.
 * https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_web_server_flow.htm
 */
export const tokenResponse = ({ url, accessToken, now, scope, refreshToken }: TokenResponseOptions) => {
  const id = `${url}/id/${orgId}/${userId}`;
  const issuedAt = String(now.getTime());
  return {
    access_token: accessToken,
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    signature: createHmac('sha256', clientSecret).update(`${id}${issuedAt}`).digest('base64'),
    scope,
    instance_url: url,
    id,
    token_type: 'Bearer',
    issued_at: issuedAt,
  };
};
