/** Who may ask this Zendesk, and by which secrets. Fixed, so that a connection can be written down; none of them is anybody's. */
export const zendeskSandbox = {
  accountId: 22_129_848,
  adminEmail: 'admin@zendesk-sandbox.example',
  /** The legacy way: Basic with `{adminEmail}/token:{apiToken}`. */
  apiToken: 'sandboxApiToken000000000000000000000000',
  /** A confidential OAuth client. */
  clientId: 'crm_sync_sandbox',
  clientSecret: 'sandbox-zendesk-client-secret',
} as const;
