import type { FastifyError, FastifyInstance } from 'fastify';
import { Refusal } from '../crm-kit/refusal.ts';

/** A refusal as ServiceNow words it: a message, and a detail that may be missing. */
export class ServiceNowError extends Refusal {
  readonly detail: string | null;

  constructor(statusCode: number, message: string, detail: string | null) {
    super(statusCode, 'failure', message);
    this.name = 'ServiceNowError';
    this.detail = detail;
  }
}

export const errorBody = (message: string, detail: string | null) => ({ error: { message, detail }, status: 'failure' }) as const;

export const errors = {
  notAuthenticated: (): ServiceNowError => new ServiceNowError(401, 'User Not Authenticated', 'Required to provide Auth information'),
  notAuthorized: (): ServiceNowError => new ServiceNowError(403, 'User Not Authorized', 'Failed API level ACL Validation'),
  noSuchTable: (table: string): ServiceNowError => new ServiceNowError(400, `Invalid table ${table}`, null),
  /** The same for a record that is not there and for one that the user may not see. */
  noRecord: (): ServiceNowError =>
    new ServiceNowError(404, 'No Record found', "Record doesn't exist or ACL restricts the record retrieval"),
  badBody: (): ServiceNowError => new ServiceNowError(400, 'Exception while reading request', 'The payload is not valid JSON'),
} as const;

/** https://www.servicenow.com/docs/r/australia/api-reference/rest-apis/c_TableAPI.html */
export const answerErrors = (app: FastifyInstance): void => {
  app.setNotFoundHandler((_request, reply) => reply.status(400).send(errorBody('Requested URI does not represent any resource', null)));
  app.setErrorHandler<FastifyError | Refusal>((error, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status === 401) reply.header('www-authenticate', 'BASIC realm="Service-now"');
    return reply.status(status).send(errorBody(error.message, error instanceof ServiceNowError ? error.detail : null));
  });
};
