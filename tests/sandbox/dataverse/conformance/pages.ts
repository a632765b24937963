/** Where Microsoft's pages are: in the repository MicrosoftDocs/powerapps-docs, below powerapps-docs/developer/data-platform/. */
export const pages = {
  aggregate: 'webapi/query/aggregate-data.md',
  associate: 'webapi/associate-disassociate-entities-using-web-api.md',
  basicOperations: 'webapi/web-api-basic-operations-sample.md',
  batch: 'webapi/execute-batch-operations-using-web-api.md',
  compose: 'webapi/compose-http-requests-handle-errors.md',
  conditional: 'webapi/perform-conditional-operations-using-web-api.md',
  conditionalOperations: 'webapi/web-api-conditional-operations-sample.md',
  count: 'webapi/query/count-rows.md',
  create: 'webapi/create-entity-web-api.md',
  fetchPages: 'fetchxml/page-results.md',
  fetchSelect: 'fetchxml/select-columns.md',
  filter: 'webapi/query/filter-rows.md',
  hierarchy: 'query-hierarchical-data.md',
  join: 'webapi/query/join-tables.md',
  order: 'webapi/query/order-rows.md',
  overview: 'webapi/query/overview.md',
  queryData: 'webapi/web-api-query-data-sample.md',
  retrieve: 'webapi/retrieve-entity-using-web-api.md',
  select: 'webapi/query/select-columns.md',
  update: 'webapi/update-delete-entities-using-web-api.md',
} as const;

/** What the pages say that all requests should carry. */
export const standardHeaders = {
  'OData-MaxVersion': '4.0',
  'OData-Version': '4.0',
  'If-None-Match': 'null',
  Accept: 'application/json',
} as const;

export const allAnnotations = { ...standardHeaders, Prefer: 'odata.include-annotations="*"' } as const;
