import { randomUUID } from 'node:crypto';
import type { Refusal } from '../crm-kit/refusal.ts';
import type { FastifyError, FastifyInstance } from 'fastify';

/** An answer that says no. https://developers.hubspot.com/docs/api-reference/error-handling */
export class HubSpotError extends Error {
  readonly statusCode: number;
  readonly category: string;
  /** Further members of the body, e.g. `errors`. */
  readonly more: object;

  constructor(statusCode: number, category: string, message: string, more: object = {}) {
    super(message);
    this.name = 'HubSpotError';
    this.statusCode = statusCode;
    this.category = category;
    this.more = more;
  }
}

export const errorBody = ({ category, message, more }: { category: string; message: string; more?: object }): object => ({
  status: 'error',
  message,
  correlationId: randomUUID(),
  category,
  ...more,
});

export const invalid = (message: string, more: object = {}): HubSpotError => new HubSpotError(400, 'VALIDATION_ERROR', message, more);
export const objectNotFound = (): HubSpotError =>
  new HubSpotError(404, 'OBJECT_NOT_FOUND', 'Object not found.  objectId are usually numeric.');

/** https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines: `policyName` says which limit it was. */
export const rateLimitBody = (policyName: string): object => ({
  status: 'error',
  message: `You have reached your ${policyName.toLowerCase()} limit.`,
  errorType: 'RATE_LIMIT',
  correlationId: randomUUID(),
  policyName,
});

export const answerErrors = (app: FastifyInstance): void => {
  app.setNotFoundHandler((request, reply) =>
    reply.status(404).send(errorBody({ category: 'OBJECT_NOT_FOUND', message: `No resource at ${request.method} ${request.url}.` })),
  );
  app.setErrorHandler<FastifyError | HubSpotError | Refusal>((error, _request, reply) => {
    if (error instanceof HubSpotError) return reply.status(error.statusCode).send(errorBody(error));
    const status = error.statusCode ?? 500;
    const category = status < 500 ? 'VALIDATION_ERROR' : 'INTERNAL_ERROR';
    const message = status < 500 ? `Invalid input JSON: ${error.message}` : 'internal error';
    return reply.status(status).send(errorBody({ category, message }));
  });
};
