export interface EnvironmentVariableDefinition {
  readonly schemaName: string;
  readonly displayName: string;
  readonly description: string;
  readonly introducedIn: string;
}

/** All of type String; values belong to an environment and are never in the solution. */
export const environmentVariables: readonly EnvironmentVariableDefinition[] = [
  {
    schemaName: 'ccsync_ApiUrl',
    displayName: 'CRM Sync API address',
    description: 'Where the CRM Sync API is, for example https://crm-sync.contoso.com',
    introducedIn: '0.1.0.0',
  },
];
