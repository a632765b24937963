// The arrows of the house: who may import whom. Doors → sync → crm, dataverse, store; the sandbox is reached over HTTP only.
const never = (name, comment, from, to) => ({ name, comment, severity: 'error', from: { path: from }, to: { path: to } });
const doors = 'cli|http|requests|runs|webhooks';

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'A circle has no top: nobody can read it from the start.',
      from: {},
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    never(
      'crm-stands-alone',
      'Reading a CRM knows nothing of Dataverse, doors or the store.',
      '^api/src/crm/',
      `^api/src/(dataverse|store|sync|identity|config|${doors})/`,
    ),
    never(
      'dataverse-stands-alone',
      'Writing Dataverse knows nothing of CRMs, doors or the store.',
      '^api/src/dataverse/',
      `^api/src/(crm|store|sync|identity|config|${doors})/`,
    ),
    {
      ...never(
        'store-knows-only-shapes',
        'The store takes shapes from crm and dataverse, never their code.',
        '^api/src/store/',
        `^api/src/(sync|crm|dataverse|identity|config|${doors})/`,
      ),
      to: { path: `^api/src/(sync|crm|dataverse|identity|config|${doors})/`, pathNot: '/types\\.ts$' },
    },
    never(
      'sync-knows-no-door',
      'A door calls the pipeline, never the other way round.',
      '^api/src/sync/',
      `^api/src/(identity|config|${doors})/`,
    ),
    {
      ...never(
        'http-only-calls-services',
        'A route is a schema and a call.',
        '^api/src/http/',
        '^api/src/(sync|crm|dataverse|store|requests|runs|webhooks)/',
      ),
      to: { path: '^api/src/(sync|crm|dataverse|store|requests|runs|webhooks)/', pathNot: '/types\\.ts$' },
    },
    {
      ...never(
        'connectors-are-data-to-all-rooms',
        'What reads a CRM knows the shape of a driver, never one of them: who puts the program together hands them on.',
        '^api/src/',
        '^api/connectors/',
      ),
      from: { path: '^api/src/', pathNot: '^api/src/configured-drivers\\.ts$' },
    },
    never(
      'drivers-only-read-a-crm',
      'A driver uses the shapes of the CRM room and the errors. It reaches the CRM by the HTTP that it is handed, and nothing else.',
      '^api/connectors/',
      '^(api/src/(?!errors/|crm/(types|bulk/types|expression/json)\\.ts$)|node_modules/|node:|(https?|http2|net|tls|dgram|fs)$)',
    ),
    never('errors-stand-alone', 'The registry is at the bottom.', '^api/src/errors/', '^api/src/(?!errors/)'),
    never(
      'sandbox-is-never-imported',
      'The sandbox is reached over HTTP like the real thing.',
      '^(api/src|pcf-control|solution|api/control-panel|api/client)/',
      '^api/sandbox/',
    ),
    never(
      'sandbox-uses-nothing-of-ours',
      'A sandbox built on our code would share our mistakes.',
      '^api/sandbox/src/(?!demo)',
      '^api/src/',
    ),
    never(
      'solution-takes-only-the-definition',
      'The solution and the set-up over the Web API are made from one definition; else the solution is built from its own.',
      '^solution/',
      '^api/src/(?!dataverse/our-(definition|request-table)\\.ts$)',
    ),
    never(
      'faces-use-the-client',
      'Panel and control speak to the API through its client.',
      '^(pcf-control|api/control-panel)/',
      '^api/src/',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(out|dist|generated|node_modules)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      conditionNames: ['import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
  },
};
