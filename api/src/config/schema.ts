import Type, { type Static } from 'typebox';
import { durationPattern } from '../crm/value/duration.ts';

/** A value that must not stand in the file: taken from the environment, or from a file (a mounted secret). */
const SecretReference = Type.Union(
  [
    Type.Object({ env: Type.String({ minLength: 1, description: 'Name of an environment variable' }) }, { additionalProperties: false }),
    Type.Object(
      { file: Type.String({ minLength: 1, description: 'Path of a file whose content is the value' }) },
      { additionalProperties: false },
    ),
  ],
  { description: 'Where the secret is' },
);

const HttpUrl = (description: string) => Type.String({ pattern: '^https?://[^\\s]+$', description });

const closed = { additionalProperties: false } as const;

const Duration = (description: string) => Type.String({ pattern: durationPattern, description });

const scheduled = {
  mode: Type.Unsafe<'full' | 'incremental' | 'verify'>({
    type: 'string',
    enum: ['full', 'incremental', 'verify'],
    description: 'What the run reads; verify compares both sides and writes nothing',
  }),
  tables: Type.Optional(
    Type.Array(Type.Unsafe<'account' | 'contact'>({ type: 'string', enum: ['account', 'contact'] }), {
      minItems: 1,
      maxItems: 2,
      uniqueItems: true,
      description: 'Default: all of the source',
    }),
  ),
  jitter: Type.Optional(Duration('Within which sources with the same rule are kept apart; default 1m')),
};

const Schedule = Type.Union([
  Type.Object({ ...scheduled, every: Duration('E.g. 15m, 1h, 1d') }, closed),
  Type.Object(
    {
      ...scheduled,
      cron: Type.String({ minLength: 9, maxLength: 100, description: 'Minute, hour, day, month, weekday, e.g. 0 3 * * 0' }),
      timeZone: Type.Optional(Type.String({ minLength: 1, description: 'E.g. Europe/Vienna; default UTC' })),
    },
    closed,
  ),
]);

export const ConfigSchema = Type.Object(
  {
    dataverse: Type.Object(
      {
        url: HttpUrl('Address of the environment, e.g. https://contoso.crm4.dynamics.com'),
        authority: Type.Optional(HttpUrl('Sign-in service; default https://login.microsoftonline.com')),
        tenantId: Type.String({ minLength: 1 }),
        clientId: Type.String({ minLength: 1, description: 'The application user’s client id' }),
        clientSecret: Type.Optional(SecretReference),
        moreUsers: Type.Optional(
          Type.Array(Type.Object({ clientId: Type.String({ minLength: 1 }), clientSecret: Type.Optional(SecretReference) }, closed), {
            description: 'Further application users that share the load: Dataverse limits each by itself',
          }),
        ),
        dailyRequests: Type.Optional(
          Type.Integer({
            minimum: 1000,
            description: 'Most requests in a day (UTC) that bulk runs may use of the environment’s entitlement; each row counts as one',
          }),
        ),
        maxConcurrency: Type.Optional(
          Type.Integer({ minimum: 1, maximum: 52, description: 'Most requests of a user at once; Dataverse allows 52' }),
        ),
        batchSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
      },
      closed,
    ),
    api: Type.Optional(
      Type.Object(
        {
          host: Type.Optional(Type.String({ minLength: 1, description: 'Default 127.0.0.1' })),
          port: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535, description: 'Default 4500; 0 takes any free one' })),
          publicUrl: Type.Optional(HttpUrl('Where CRMs and browsers reach the API, behind whatever proxy')),
          allowedOrigins: Type.Optional(Type.Array(HttpUrl('Origin of a page that may call the API, e.g. the environment’s address'))),
        },
        closed,
      ),
    ),
    identity: Type.Object(
      {
        authority: HttpUrl('Tenant’s sign-in address, e.g. https://login.microsoftonline.com/<tenant id>'),
        tenantId: Type.String({ minLength: 1 }),
        audience: Type.Array(Type.String({ minLength: 1 }), {
          minItems: 1,
          description: 'Accepted token audiences: api://<client id> and the client id',
        }),
        clientId: Type.String({ minLength: 1, description: 'Client id that browsers sign in with' }),
        scope: Type.String({ minLength: 1 }),
        kind: Type.Optional(
          Type.Unsafe<'entra' | 'local'>({ type: 'string', enum: ['entra', 'local'], description: 'local: the sandbox’s issuer' }),
        ),
      },
      closed,
    ),
    store: Type.Optional(
      Type.Object(
        {
          databaseUrl: Type.Optional(SecretReference),
          folder: Type.Optional(
            Type.String({ minLength: 1, description: 'Of the embedded store; default .crm-sync/store beside this file' }),
          ),
        },
        closed,
      ),
    ),
    syncRequests: Type.Optional(
      Type.Object(
        {
          webhookKey: Type.Optional(SecretReference),
          pollEvery: Type.Optional(Duration('How often request rows are looked for while nobody asks; default 10s, with a webhook 1m')),
        },
        { ...closed, description: 'The control may ask through Dataverse, by rows of ccsync_syncrequest; left out: nobody answers them' },
      ),
    ),
    secretsKey: Type.Optional(
      Type.Union([SecretReference, Type.Array(SecretReference, { minItems: 1, maxItems: 5 })], {
        description: 'Where the key is that seals stored tokens (32 bytes, base 64). Several while it is changed: the first seals',
      }),
    ),
    log: Type.Optional(
      Type.Object(
        {
          level: Type.Optional(
            Type.Unsafe<'debug' | 'info' | 'warn' | 'error' | 'silent'>({
              type: 'string',
              enum: ['debug', 'info', 'warn', 'error', 'silent'],
            }),
          ),
        },
        closed,
      ),
    ),
    sources: Type.Array(
      Type.Object(
        {
          id: Type.String({
            pattern: '^[a-z0-9][a-z0-9-]{0,39}$',
            description: 'Short name; part of every row’s key, so it never changes',
          }),
          connector: Type.String({ minLength: 1, description: 'A built-in connector’s name, or the path of a manifest beside this file' }),
          name: Type.Optional(
            Type.String({ minLength: 1, maxLength: 100, description: 'What agents read; default: the connector’s name' }),
          ),
          settings: Type.Record(
            Type.String(),
            Type.Union([
              Type.String(),
              Type.Number(),
              Type.Boolean(),
              SecretReference,
              Type.Array(SecretReference, {
                minItems: 1,
                maxItems: 5,
                description: 'Several secrets of a webhook while they are changed: each is tried',
              }),
            ]),
          ),
          allowPrivateNetwork: Type.Optional(Type.Boolean({ description: 'The CRM lives at a private or loopback address' })),
          microsoftSourceCrm: Type.Optional(
            Type.Union([Type.String({ minLength: 1 }), Type.Integer(), Type.Literal(false)], {
              description:
                'Option of Microsoft’s column msdyn_source_crm that stands for this CRM, by label or value; default: the one labelled as the connector; false: none, and nothing is mirrored',
            }),
          ),
          unadoptedRows: Type.Optional(
            Type.Unsafe<'refuse' | 'leave'>({
              type: 'string',
              enum: ['refuse', 'leave'],
              description: 'While rows that Microsoft’s flows made wait for adoption: refuse to sync (default), or leave them alone',
            }),
          ),
          schedules: Type.Optional(Type.Array(Schedule, { maxItems: 20, description: 'When runs start by themselves' })),
          removedRecords: Type.Optional(
            Type.Unsafe<'deactivate' | 'delete' | 'ignore'>({
              type: 'string',
              enum: ['deactivate', 'delete', 'ignore'],
              description: 'What becomes of the rows of records that the CRM has deleted; deactivate is the default',
            }),
          ),
          erasedRecords: Type.Optional(
            Type.Unsafe<'delete' | 'empty'>({
              type: 'string',
              enum: ['delete', 'empty'],
              description:
                'What becomes of the rows of records that the CRM has erased for a person’s privacy; delete is the default; empty: the row stays, inactive and without any mapped value',
            }),
          ),
          sweep: Type.Optional(
            Type.Unsafe<'auto' | 'always' | 'never'>({
              type: 'string',
              enum: ['auto', 'always', 'never'],
              description:
                'Whether a full run compares the ids of all records with the rows, to find those that are gone without a trace; auto (the default): unless the CRM keeps its deleted records, marked',
            }),
          ),
          owner: Type.Optional(
            Type.Object(
              {
                team: Type.String({ minLength: 1, maxLength: 160, description: 'Name or id of the team that owns the rows' }),
                assign: Type.Optional(
                  Type.Unsafe<'created' | 'always'>({
                    type: 'string',
                    enum: ['created', 'always'],
                    description: 'created (the default): only rows that the sync makes; always: with every write',
                  }),
                ),
              },
              closed,
            ),
          ),
          dataverse: Type.Optional(
            Type.Object(
              {
                bypassCustomLogic: Type.Optional(
                  Type.Unsafe<'none' | 'sync' | 'async' | 'all'>({
                    type: 'string',
                    enum: ['none', 'sync', 'async', 'all'],
                    description: 'Plug-ins and workflows that its writes leave out; needs prvBypassCustomBusinessLogic',
                  }),
                ),
                suppressFlows: Type.Optional(Type.Boolean({ description: 'Its writes start no Power Automate flows' })),
              },
              closed,
            ),
          ),
        },
        closed,
      ),
      { minItems: 1 },
    ),
  },
  { ...closed, $id: 'crm-sync-config' },
);

export type ConfigFile = Static<typeof ConfigSchema>;
export type SecretReferenceValue = Static<typeof SecretReference>;
