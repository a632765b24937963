import { idAt } from './ids.ts';

/** The one organisation, its integration user, and its connected app. */
export const orgId = idAt('00D', 1);
export const userId = idAt('005', 1);
export const username = 'integration@northwind.example';
export const clientId = '3MVG9.northwind.sandbox.connected.app';
export const clientSecret = 'salesforce-sandbox-secret';
