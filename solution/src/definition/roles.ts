import { requestTableDefinition } from '../../../api/src/dataverse/our-request-table.ts';

/** Whose rows: Basic = one's own, Global = everybody's. */
export type PrivilegeLevel = 'Basic' | 'Global';

export interface RoleDefinition {
  /** Lower-case GUID; the same in every release, or an environment would get a second one. */
  readonly id: string;
  readonly name: string;
  /** By their names in Dataverse. */
  readonly privileges: Readonly<Record<string, PrivilegeLevel>>;
}

const privileges = (level: PrivilegeLevel, verbs: string, tables: readonly string[]): Readonly<Record<string, PrivilegeLevel>> =>
  Object.fromEntries(tables.flatMap((table) => verbs.split(' ').map((verb) => [`prv${verb}${table}`, level] as const)));

const requests = [requestTableDefinition.schemaName];

export const roles: readonly RoleDefinition[] = [
  {
    id: '2b7c1f6e-43d5-4a0b-8f0e-6f1d5c9a7e31',
    name: 'CRM Sync Agent',
    privileges: {
      // With a wider level one agent could read another's answers; and only the service writes on a row that is there.
      ...privileges('Basic', 'Create Read Delete', requests),
      // Which customers an agent may read is for the organisation's own roles to say: these add none.
      ...privileges('Basic', 'Read', ['Account', 'Contact']),
    },
  },
  {
    id: '7d0e5b92-8c4f-4e57-9a86-0c3b2f61d4a8',
    name: 'CRM Sync Application',
    privileges: {
      ...privileges('Global', 'Read Write Delete', requests),
      ...privileges('Global', 'Create Read Write Delete Append AppendTo Assign', ['Account', 'Contact']),
      // Who has asked, and whom the rows are to belong to.
      ...privileges('Global', 'Read', ['User', 'Team']),
      // Reads a row, and links it, as the agent who asks.
      prvActOnBehalfOfAnotherUser: 'Global',
    },
  },
];
