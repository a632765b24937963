import type { HostWebApi } from './dataverseTransport';

/** What the host lends a transport: its own way to Dataverse, and who is at the form. */
export interface HostConnection {
  readonly webApi: HostWebApi;
  /** The person's user principal name, for a sign-in that need not ask who it is. */
  readonly readLoginHint: () => Promise<string | undefined>;
}

interface Host {
  readonly webAPI: HostWebApi;
  readonly userSettings: { readonly userId: string };
}

/** The host gives a new context with every update, so each call takes the present one. */
export const hostConnection = (host: () => Host): HostConnection => ({
  webApi: {
    createRecord: (table, row) => host().webAPI.createRecord(table, row),
    retrieveRecord: (table, id, options) => host().webAPI.retrieveRecord(table, id, options),
    deleteRecord: (table, id) => host().webAPI.deleteRecord(table, id),
  },
  async readLoginHint() {
    const { webAPI, userSettings } = host();
    try {
      // The host tells the person's display name only; the name that Entra ID knows is in Dataverse.
      const user: unknown = await webAPI.retrieveRecord('systemuser', userSettings.userId.replace(/[{}]/g, ''), '?$select=domainname');
      const name: unknown = typeof user === 'object' && user !== null ? Reflect.get(user, 'domainname') : undefined;
      return typeof name === 'string' && name !== '' ? name : undefined;
    } catch {
      return undefined;
    }
  },
});
