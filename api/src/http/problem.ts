import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { problemOf } from '../contract/problem.ts';
import { AppError, isAppError } from '../errors/app-error.ts';
import { describeInvalidRequest } from './invalid-request.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Code of the problem that was answered; for the request's line in the log. */
    problemCode: string | null;
  }
}

/** What anything thrown means to the caller. The texts of foreign errors may quote a body or a token: they stay in the log. */
export const asAppError = (error: unknown, request: FastifyRequest): AppError => {
  if (isAppError(error)) return error;
  if (!(error instanceof Error)) return new AppError('internal', {}, error);
  const { statusCode, validation, validationContext, code }: Partial<FastifyError> = error;
  if (validation) return new AppError('request.invalid', { problem: describeInvalidRequest(validation, validationContext) }, error);
  if (statusCode === 413) return new AppError('request.too_large', { limit: request.routeOptions.bodyLimit ?? 0 }, error);
  if (statusCode === 415) return new AppError('request.invalid', { problem: 'the Content-Type is not application/json' }, error);
  if (code === 'FST_ERR_BAD_URL' || code === 'FST_ERR_MAX_PARAM_LENGTH') {
    return new AppError('request.invalid', { problem: 'a part of the address is too long or wrongly encoded' }, error);
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new AppError('request.invalid', { problem: 'the body cannot be read as what its headers say' }, error);
  }
  return new AppError('internal', {}, error);
};

/** The one way in which this API says that something went wrong. */
export const sendProblem = (thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const error = asAppError(thrown, request);
  request.problemCode = error.code;
  if (error.status >= 500) request.log.error({ err: thrown }, error.message);
  if (error.status === 401 && request.routeOptions.config?.access !== 'everyone') reply.header('www-authenticate', 'Bearer');
  return reply
    .code(error.status)
    .header('x-request-id', request.id)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(problemOf(error, request.id));
};

export const sendNotFound = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  sendProblem(new AppError('request.not_found'), request, reply);
