import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { AppError, isAppError } from '../../errors/app-error.ts';
import type { Routes } from '../app.ts';
import { distinctHeaders } from '../distinct-headers.ts';
import { SourceIdSchema } from '../parameters.ts';
import { sendProblem } from '../problem.ts';

const deliveryLimitBytes = 1024 * 1024;

const SegmentSchema = Type.String({ minLength: 1, maxLength: 200, description: 'Name of a further webhook, or the secret in the address' });
const SourceAddress = Type.Object({ sourceId: SourceIdSchema });
const HookAddress = Type.Object({ sourceId: SourceIdSchema, hook: SegmentSchema });
const TokenAddress = Type.Object({ sourceId: SourceIdSchema, hook: SegmentSchema, token: SegmentSchema });

const answers = { '2xx': Type.Unsafe<string>({ type: 'string', description: 'Verified and stored; with the body that the CRM wants' }) };

const sourceIdOf = (params: unknown): string =>
  typeof params === 'object' && params !== null && 'sourceId' in params ? String(params.sourceId) : '';

/** Who may not come in learns nothing, not even that the body was too large or the address too long. The reason is in our log. */
const refuseAlike = (
  thrown: FastifyError | AppError,
  request: FastifyRequest,
  reply: FastifyReply,
  noteRefusal: (sourceId: string, reason: 'size' | 'request') => void,
): FastifyReply => {
  const isOurs = isAppError(thrown);
  const statusCode = isOurs ? thrown.status : (thrown.statusCode ?? 500);
  const isRefused = isOurs ? thrown.code === 'webhook.unauthorised' : statusCode >= 400 && statusCode < 500;
  if (!isRefused) return sendProblem(thrown, request, reply);
  const reason = statusCode === 413 ? 'size' : 'request';
  request.log.info({ reason: isOurs ? thrown.details.reason : reason }, 'delivery refused');
  if (!isOurs) noteRefusal(sourceIdOf(request.params), reason);
  return sendProblem(isOurs ? thrown : new AppError('webhook.unauthorised'), request, reply);
};

interface Address {
  readonly sourceId: string;
  readonly hook?: string;
  readonly token?: string;
}

export const webhookRoutes: Routes = async (app) => {
  // A signature covers the bytes as they came: nothing may parse or decode them on the way to the verifier.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: deliveryLimitBytes }, async (_request: unknown, body: Buffer) => body);
  app.setErrorHandler((thrown: FastifyError | AppError, request, reply) =>
    refuseAlike(thrown, request, reply, (sourceId, reason) => app.services.webhooks.noteRefusal(sourceId, reason)),
  );

  const receive = async (request: FastifyRequest, { sourceId, hook, token }: Address, reply: FastifyReply) => {
    const { status, type, body } = await app.services.webhooks.receive(sourceId, {
      method: request.method,
      headers: distinctHeaders(request.raw.rawHeaders),
      rawBody: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
      segments: [hook, token].flatMap((segment) => segment ?? []),
      query: request.url.split('?').slice(1).join('?'),
    });
    if (type !== null) reply.type(type);
    return reply.code(status).header('cache-control', 'no-store').send(body);
  };

  // The CRM has no token; each delivery carries its own proof.
  const config = { access: 'everyone' } as const;
  const deliver = { bodyLimit: deliveryLimitBytes, config };
  const posted = { tags: ['webhooks'], summary: 'Takes a delivery of a CRM, verified as its manifest says', response: answers };
  const asked = { tags: ['webhooks'], summary: 'Answers the question by which a CRM makes sure of us', response: answers };

  app.post(
    '/webhooks/:sourceId',
    { ...deliver, schema: { ...posted, operationId: 'receiveWebhook', params: SourceAddress } },
    async (request, reply) => receive(request, request.params, reply),
  );
  app.post(
    '/webhooks/:sourceId/:hook',
    { ...deliver, schema: { ...posted, operationId: 'receiveNamedWebhook', params: HookAddress } },
    async (request, reply) => receive(request, request.params, reply),
  );
  app.post(
    '/webhooks/:sourceId/:hook/:token',
    { ...deliver, schema: { ...posted, operationId: 'receiveNamedWebhookWithToken', params: TokenAddress } },
    async (request, reply) => receive(request, request.params, reply),
  );
  app.get(
    '/webhooks/:sourceId',
    { config, schema: { ...asked, operationId: 'answerWebhook', params: SourceAddress } },
    async (request, reply) => receive(request, request.params, reply),
  );
  app.get(
    '/webhooks/:sourceId/:hook',
    { config, schema: { ...asked, operationId: 'answerNamedWebhook', params: HookAddress } },
    async (request, reply) => receive(request, request.params, reply),
  );
};
