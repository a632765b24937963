import type { JWTPayload } from 'jose';
import { AppError } from '../errors/app-error.ts';
import { type Caller, type Role, roles } from './caller.ts';

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const guidClaim = (payload: JWTPayload, name: string): string | undefined => {
  const value = payload[name];
  const lowerCase = typeof value === 'string' ? value.toLowerCase() : '';
  return guid.test(lowerCase) ? lowerCase : undefined;
};

const isRole = (value: unknown): value is Role => roles.some((role) => role === value);

/**
 * Whether a token was issued to an application itself: `idtyp` says so where the app registration asks for that claim; else it
 * carries no scopes, which are what a person delegates, and its subject is the service principal (a person's is pairwise).
 * https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
const isForApplication = (payload: JWTPayload, clientId: string | undefined): boolean =>
  payload.idtyp === 'app' ||
  (payload.idtyp === undefined && payload.scp === undefined && clientId !== undefined && payload.oid === payload.sub);

/**
 * The caller that verified claims speak of. Ids must be GUIDs: the object id goes on to Dataverse in a header.
 * Unknown roles are left out; a token without roles gives a caller who may do nothing.
 */
export const callerOfClaims = (payload: JWTPayload, tenantId: string): Caller => {
  if (guidClaim(payload, 'tid') !== tenantId.toLowerCase()) {
    throw new AppError('identity.unauthorised', { problem: 'it is of another tenant' });
  }
  const objectId = guidClaim(payload, 'oid');
  if (!objectId) throw new AppError('identity.unauthorised', { problem: 'it names nobody (oid)' });
  const granted = Array.isArray(payload.roles) ? payload.roles.filter(isRole) : [];
  const clientId = guidClaim(payload, 'azp') ?? guidClaim(payload, 'appid');
  if (!isForApplication(payload, clientId)) return { kind: 'person', objectId, roles: granted };
  if (!clientId) throw new AppError('identity.unauthorised', { problem: 'it names no application (azp, appid)' });
  return { kind: 'application', objectId, clientId, roles: granted };
};
