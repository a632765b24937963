/** Who exists in the sandbox's environment, and what each may do. The Entra ids are those that the sandbox's issuer signs. */
import { rootBusinessUnit } from './business-unit.ts';
import type { RowValues } from '../store/values.ts';

export type Privilege = 'Create' | 'Read' | 'Write' | 'Delete';

export interface User {
  readonly systemUserId: string;
  readonly fullName: string;
  /** Entra object id; null for the application user, which signs in by its client id. */
  readonly objectId: string | null;
  readonly applicationId: string | null;
  /** On account and contact; everyone may read the system tables. */
  readonly privileges: readonly Privilege[];
  /** prvActOnBehalfOfAnotherUser, the Delegate role: may send CallerObjectId. */
  readonly mayImpersonate: boolean;
  /** What the System Customizer role gives: may change tables, columns, keys and choices. */
  readonly mayCustomize: boolean;
  readonly isDisabled: boolean;
}

const everything: readonly Privilege[] = ['Create', 'Read', 'Write', 'Delete'];

const applicationUser = (systemUserId: string, fullName: string, applicationId: string): User => ({
  systemUserId,
  fullName,
  objectId: null,
  applicationId,
  privileges: everything,
  mayImpersonate: true,
  mayCustomize: true,
  isDisabled: false,
});

export const users: readonly User[] = [
  applicationUser('0a6a4d62-0000-4000-8000-000000000001', '# CRM Sync', '22222222-2222-4222-8222-222222222222'),
  applicationUser('0a6a4d62-0000-4000-8000-000000000011', '# CRM Sync 2', '22222222-2222-4222-8222-222222222223'),
  applicationUser('0a6a4d62-0000-4000-8000-000000000012', '# CRM Sync 3', '22222222-2222-4222-8222-222222222224'),
  {
    systemUserId: '0a6a4d62-0000-4000-8000-000000000003',
    fullName: 'Ada Admin',
    objectId: '33333333-3333-4333-8333-333333333333',
    applicationId: null,
    privileges: everything,
    mayImpersonate: false,
    mayCustomize: true,
    isDisabled: false,
  },
  {
    systemUserId: '0a6a4d62-0000-4000-8000-000000000004',
    fullName: 'Alex Agent',
    objectId: '44444444-4444-4444-8444-444444444444',
    applicationId: null,
    privileges: ['Create', 'Read', 'Write'],
    mayImpersonate: false,
    mayCustomize: false,
    isDisabled: false,
  },
  {
    systemUserId: '0a6a4d62-0000-4000-8000-000000000005',
    fullName: 'Robin Restricted',
    objectId: '55555555-5555-4555-8555-555555555555',
    applicationId: null,
    privileges: [],
    mayImpersonate: false,
    mayCustomize: false,
    isDisabled: false,
  },
  {
    systemUserId: '0a6a4d62-0000-4000-8000-000000000007',
    fullName: 'Rita Reader',
    objectId: '77777777-7777-4777-8777-777777777777',
    applicationId: null,
    privileges: ['Read'],
    mayImpersonate: false,
    mayCustomize: false,
    isDisabled: false,
  },
  {
    systemUserId: '0a6a4d62-0000-4000-8000-000000000006',
    fullName: 'Dana Disabled',
    objectId: '66666666-6666-4666-8666-666666666666',
    applicationId: null,
    privileges: everything,
    mayImpersonate: false,
    mayCustomize: false,
    isDisabled: true,
  },
];

export function userRow(user: User): RowValues {
  return {
    systemuserid: user.systemUserId,
    fullname: user.fullName,
    domainname: null,
    azureactivedirectoryobjectid: user.objectId,
    applicationid: user.applicationId,
    isdisabled: user.isDisabled,
    ownerid: user.systemUserId,
    businessunitid: rootBusinessUnit,
  };
}
