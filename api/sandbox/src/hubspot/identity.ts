/** Who may ask this portal, and by which secrets. Fixed, so that a connection can be written down; none of them is anybody's. */
export const hubSpotSandbox = {
  portalId: 62515,
  appId: 1160452,
  /** Of the private app: never ends. */
  privateAppToken: 'pat-na1-sandbox00-0000-4000-8000-000000000000',
  /** Of the app that asks by OAuth; the secret signs its webhooks. */
  clientId: '7fff1e36-2d40-4ae1-bbb4-5266d59564fb',
  clientSecret: 'sandbox0-c1ie-4n75-ec2e-700000000000',
  /** Of the developer account, for the app's webhook subscriptions (`hapikey`). */
  developerApiKey: 'eu1-sandbox0-dev0-4key-8000-000000000000',
} as const;
