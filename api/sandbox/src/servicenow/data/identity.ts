/** The one integration user, its API key, and the OAuth client. */
export const userName = 'integration.sync';
export const password = 'servicenow-sandbox-password';
export const apiKey = 'servicenow-sandbox-api-key';
export const clientId = '0123456789abcdef0123456789abcdef';
export const clientSecret = 'servicenow-sandbox-secret';
