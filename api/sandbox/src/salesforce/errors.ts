import type { FastifyError, FastifyInstance } from 'fastify';
import { Refusal } from '../crm-kit/refusal.ts';

/** One refusal as Salesforce words it; on the wire always in a list. */
export class SalesforceError extends Refusal {
  readonly fields: readonly string[];

  constructor(statusCode: number, errorCode: string, message: string, fields: readonly string[] = []) {
    super(statusCode, errorCode, message);
    this.name = 'SalesforceError';
    this.fields = fields;
  }
}

export const errorBody = (errorCode: string, message: string, fields: readonly string[] = []): readonly object[] => [
  { message, errorCode, ...(fields.length > 0 ? { fields } : {}) },
];

export const errors = {
  noSuchResource: (): SalesforceError => new SalesforceError(404, 'NOT_FOUND', 'The requested resource does not exist'),
  deleted: (): SalesforceError => new SalesforceError(404, 'ENTITY_IS_DELETED', 'entity is deleted'),
  invalidSession: (): SalesforceError => new SalesforceError(401, 'INVALID_SESSION_ID', 'Session expired or invalid'),
  requestLimit: (): SalesforceError => new SalesforceError(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'),
  malformedQuery: (message: string): SalesforceError => new SalesforceError(400, 'MALFORMED_QUERY', message),
  invalidField: (message: string): SalesforceError => new SalesforceError(400, 'INVALID_FIELD', message),
  invalidType: (name: string): SalesforceError => new SalesforceError(400, 'INVALID_TYPE', `sObject type '${name}' is not supported.`),
  noSuchColumn: (field: string, object: string): SalesforceError =>
    new SalesforceError(
      400,
      'INVALID_FIELD',
      `No such column '${field}' on entity '${object}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`,
    ),
} as const;

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm */
export const answerErrors = (app: FastifyInstance): void => {
  app.setNotFoundHandler((_request, reply) => reply.status(404).send(errorBody('NOT_FOUND', 'The requested resource does not exist')));
  app.setErrorHandler<FastifyError | Refusal>((error, _request, reply) => {
    if (error instanceof SalesforceError) return reply.status(error.statusCode).send(errorBody(error.code, error.message, error.fields));
    const status = error.statusCode ?? 500;
    const code = error instanceof Refusal ? error.code.toUpperCase() : status < 500 ? 'JSON_PARSER_ERROR' : 'UNKNOWN_EXCEPTION';
    return reply.status(status).send(errorBody(code, error.message));
  });
};
