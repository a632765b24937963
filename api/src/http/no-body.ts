import type { FastifyRequest } from 'fastify';

/** A form's button, or a person with curl, may post nothing at all: that is an object without fields. */
export const allowNoBody = async (request: FastifyRequest): Promise<void> => {
  request.body ??= {};
};
