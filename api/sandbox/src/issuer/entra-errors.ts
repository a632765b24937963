import { randomUUID } from 'node:crypto';

/** A refusal of the token endpoint, as Entra ID words it. https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
export class EntraRefusal extends Error {
  readonly statusCode: number;
  readonly error: string;
  readonly code: number;

  constructor({ statusCode, error, code, message }: { statusCode: number; error: string; code: number; message: string }) {
    super(message);
    this.name = 'EntraRefusal';
    this.statusCode = statusCode;
    this.error = error;
    this.code = code;
  }
}

export const entraErrorBody = ({ error, code, message }: EntraRefusal, now: Date): Readonly<Record<string, unknown>> => {
  const timestamp = now
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
  const traceId = randomUUID();
  const correlationId = randomUUID();
  return {
    error,
    error_description: `AADSTS${code}: ${message} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
  };
};

export const refusals = {
  unknownTenant: (tenant: string) =>
    new EntraRefusal({
      statusCode: 400,
      error: 'invalid_request',
      code: 90002,
      message: `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`,
    }),
  missingParameter: (name: string) =>
    new EntraRefusal({
      statusCode: 400,
      error: 'invalid_request',
      code: 900144,
      message: `The request body must contain the following parameter: '${name}'.`,
    }),
  grantType: (grantType: string) =>
    new EntraRefusal({
      statusCode: 400,
      error: 'unsupported_grant_type',
      code: 70003,
      message: `The app requested an unsupported grant type '${grantType}'.`,
    }),
  unknownClient: (clientId: string) =>
    new EntraRefusal({
      statusCode: 400,
      error: 'unauthorized_client',
      code: 700016,
      message: `Application with identifier '${clientId}' was not found in the directory 'Sandbox'.`,
    }),
  wrongSecret: (clientId: string) =>
    new EntraRefusal({
      statusCode: 401,
      error: 'invalid_client',
      code: 7000215,
      message: `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
    }),
  scope: (scope: string) =>
    new EntraRefusal({
      statusCode: 400,
      error: 'invalid_scope',
      code: 1002012,
      message: `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    }),
} as const;
