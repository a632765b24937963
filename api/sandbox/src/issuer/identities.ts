/** Who can sign in to the sandbox. All of it is public knowledge: these ids and this secret open nothing but a sandbox. */

export const tenantId = '11111111-1111-4111-8111-111111111111';

/** The API, as an audience of people's tokens. */
export const apiAudience = 'api://crm-sync';

/** The application user that writes Dataverse. */
export const applicationUser = {
  clientId: '22222222-2222-4222-8222-222222222222',
  clientSecret: 'sandbox-secret',
  objectId: '22222222-2222-4222-8222-2222222222aa',
} as const;

export interface PersonIdentity {
  readonly objectId: string;
  readonly name: string;
  readonly roles: readonly string[];
}

const people: Readonly<Record<string, PersonIdentity>> = {
  admin: { objectId: '33333333-3333-4333-8333-333333333333', name: 'Ada Admin', roles: ['Sync.Admin'] },
  agent: { objectId: '44444444-4444-4444-8444-444444444444', name: 'Alex Agent', roles: ['Sync.Agent'] },
  // May use the control, but has no right to read rows in Dataverse.
  restricted: { objectId: '55555555-5555-4555-8555-555555555555', name: 'Robin Restricted', roles: ['Sync.Agent'] },
};

export const userNames: readonly string[] = Object.keys(people);

export const findPerson = (user: string): PersonIdentity | undefined => (Object.hasOwn(people, user) ? people[user] : undefined);
