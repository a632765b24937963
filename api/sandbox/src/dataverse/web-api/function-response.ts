import { type ApiResponse, jsonResponse, type Session } from './messages.ts';

/** The answer of a function or action: a complex type of Dataverse's own namespace. */
export function functionResponse(session: Session, type: string, body: Readonly<Record<string, unknown>>): ApiResponse {
  return jsonResponse(200, { '@odata.context': `${session.serviceRoot}$metadata#Microsoft.Dynamics.CRM.${type}`, ...body });
}
