import type { FastifySchemaValidationError } from 'fastify';

/** Only what looks like a field's name is repeated; a caller's own text is not. */
const nameOf = (value: unknown): string => (typeof value === 'string' && /^\w{1,40}$/.test(value) ? value : 'a field with an unusual name');

/** Names the field and what it must be; never the value that was sent. */
export const describeInvalidRequest = (errors: readonly FastifySchemaValidationError[], part = 'request'): string => {
  const [error] = errors;
  if (!error) return `the ${part} does not match its description`;
  const path = error.instancePath.split('/').slice(1).map(nameOf).join('.');
  const where = part === 'querystring' ? 'the query' : part === 'params' ? 'the address' : `the ${part}`;
  const field = path === '' ? where : `${path} (in ${where})`;
  const { params } = error;
  if (error.keyword === 'additionalProperties') return `${field} has ${nameOf(params.additionalProperty)}, which is not known`;
  if (error.keyword === 'required') return `${field} lacks ${nameOf(params.missingProperty)}`;
  if (error.keyword === 'enum' && Array.isArray(params.allowedValues)) return `${field} must be one of ${params.allowedValues.join(', ')}`;
  return `${field} ${error.message ?? 'does not match its description'}`;
};
