/** Who can sign in to the sandbox. All of it is public knowledge: these ids and this secret open nothing but a sandbox. */

export const tenantId = '11111111-1111-4111-8111-111111111111';

/** The API, as an audience of people's tokens. */
export const apiAudience = 'api://crm-sync';

export interface ApplicationIdentity {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly objectId: string;
}

/** The application user that writes Dataverse. */
export const applicationUser: ApplicationIdentity = {
  clientId: '22222222-2222-4222-8222-222222222222',
  clientSecret: 'sandbox-secret',
  objectId: '22222222-2222-4222-8222-2222222222aa',
};

/** All of them: each has limits of its own in Dataverse, so that a load can be shared. */
const applicationUsers: readonly ApplicationIdentity[] = [
  applicationUser,
  {
    clientId: '22222222-2222-4222-8222-222222222223',
    clientSecret: 'sandbox-secret-2',
    objectId: '22222222-2222-4222-8222-2222222222ab',
  },
  {
    clientId: '22222222-2222-4222-8222-222222222224',
    clientSecret: 'sandbox-secret-3',
    objectId: '22222222-2222-4222-8222-2222222222ac',
  },
];

export const findApplication = (clientId: string): ApplicationIdentity | undefined =>
  applicationUsers.find((application) => application.clientId === clientId);

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
  // May look at rows in Dataverse, and change none.
  reader: { objectId: '77777777-7777-4777-8777-777777777777', name: 'Rita Reader', roles: ['Sync.Agent'] },
  // Has left: Entra ID still knows them, but their user in Dataverse is disabled.
  disabled: { objectId: '66666666-6666-4666-8666-666666666666', name: 'Dana Disabled', roles: ['Sync.Agent'] },
};

export const userNames: readonly string[] = Object.keys(people);

export const findPerson = (user: string): PersonIdentity | undefined => (Object.hasOwn(people, user) ? people[user] : undefined);
