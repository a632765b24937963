import type { FastifyError, FastifyInstance } from 'fastify';
import { Refusal } from '../crm-kit/refusal.ts';

/** An answer that says no: `{"error","description"}`, or what else that refusal looks like. */
export class ZendeskError extends Error {
  readonly statusCode: number;
  readonly body: object;

  constructor(statusCode: number, body: object) {
    super('description' in body && typeof body.description === 'string' ? body.description : `status ${statusCode}`);
    this.name = 'ZendeskError';
    this.statusCode = statusCode;
    this.body = body;
  }
}

/** https://developer.zendesk.com/api-reference/introduction/requests/#response-formats */
export const notFound = (): ZendeskError => new ZendeskError(404, { error: 'RecordNotFound', description: 'Not found' });
export const badRequest = (error: string, description: string): ZendeskError => new ZendeskError(400, { error, description });
export const forbidden = (description: string): ZendeskError => new ZendeskError(403, { error: 'Forbidden', description });
export const invalidValue = (description: string): ZendeskError => new ZendeskError(422, { error: 'InvalidValue', description });

/** `details` names each field that was wrong. */
export const invalidRecord = (field: string, description: string, error: string): ZendeskError =>
  new ZendeskError(422, {
    error: 'RecordInvalid',
    description: 'Record validation errors',
    details: { [field]: [{ description, error }] },
  });

export const answerErrors = (app: FastifyInstance): void => {
  app.setNotFoundHandler((_request, reply) => reply.status(404).send({ error: 'InvalidEndpoint', description: 'Not found' }));
  app.setErrorHandler<FastifyError | ZendeskError | Refusal>((error, _request, reply) => {
    if (error instanceof ZendeskError) return reply.status(error.statusCode).send(error.body);
    const status = error.statusCode ?? 500;
    if (status >= 500) return reply.status(status).send({ error: 'InternalServerError', description: 'internal error' });
    return reply.status(status).send({ error: error instanceof Refusal ? error.code : 'BadRequest', description: error.message });
  });
};
