/** On whose behalf a request runs: the token's user, or the one that it impersonates (impersonate-another-user-web-api.md). */
import { isReference, parseGuid, type Row } from '../store/values.ts';
import type { Table } from '../tables/data-model.ts';
import { badQuery, notAMember, privilegeMissing, userDisabled } from '../web-api/errors.ts';
import { type Privilege, type User, users } from './users.ts';

/** What a token says of its bearer; null when it is no good. */
export type TokenIdentity = { readonly kind: 'application' | 'person'; readonly clientId?: string; readonly objectId?: string };
export type VerifyToken = (token: string) => Promise<TokenIdentity | null>;

export interface Caller {
  /** Whose rights count, and who becomes createdby. */
  readonly user: User;
  /** The one who really called, when impersonating; becomes createdonbehalfby. */
  readonly delegate: User | null;
}

/** Throws 403 when the bearer or the impersonated one is unknown or disabled, or when the bearer may not impersonate. */
export function resolveCaller(identity: TokenIdentity, headers: Readonly<Record<string, string | undefined>>): Caller {
  const bearer = users.find((user) =>
    identity.kind === 'application' ? user.applicationId === identity.clientId : user.objectId === identity.objectId,
  );
  if (bearer === undefined) throw notAMember();
  if (bearer.isDisabled) throw userDisabled(bearer.systemUserId);

  const impersonated = findImpersonated(headers);
  if (impersonated === null || impersonated === bearer) return { user: bearer, delegate: null };
  if (!bearer.mayImpersonate) {
    throw privilegeMissing({ userId: bearer.systemUserId, privilege: 'prvActOnBehalfOfAnotherUser', where: '.' });
  }
  return { user: impersonated, delegate: bearer };
}

function findImpersonated(headers: Readonly<Record<string, string | undefined>>): User | null {
  const objectId = headers.callerobjectid;
  const systemUserId = headers.mscrmcallerid;
  const wanted = objectId ?? systemUserId;
  if (wanted === undefined || wanted === '') return null;
  const id = parseGuid(wanted);
  if (id === null) throw badQuery(`Invalid header value for the impersonated user: '${wanted}' is not a GUID.`);
  const found = users.find((user) => (objectId === undefined ? user.systemUserId : user.objectId) === id);
  if (found === undefined) throw notAMember();
  if (found.isDisabled) throw userDisabled(found.systemUserId);
  return found;
}

/** Impersonation needs the privilege twice: the caller's own and the impersonated user's. */
export function requirePrivilege(caller: Caller, privilege: Privilege, table: Table): void {
  if (table.isReadOnly) return;
  const isHeldBy = (user: User) =>
    table.isForCustomizers === true
      ? privilege === 'Read' || user.mayCustomize
      : // What the role of agents gives: everything, on their own rows.
        user.privileges.includes(privilege) || (table.isOfItsOwner === true && user.privileges.length > 0);
  for (const user of [caller.user, caller.delegate]) {
    if (user === null || isHeldBy(user)) continue;
    throw privilegeMissing({
      userId: user.systemUserId,
      privilege: `prv${privilege}${table.schemaName}`,
      where: ` on OTC=${table.objectTypeCode} for entity '${table.logicalName}' (LocalizedName='${table.displayName}'). context.Caller=${user.systemUserId}.`,
    });
  }
}

/** User-level access: who is no application user sees and changes only rows of the own. Who is impersonated counts. */
export const mayAccess = ({ user }: Caller, table: Table, row: Row): boolean => {
  if (table.isOfItsOwner !== true || user.applicationId !== null) return true;
  const { ownerid: owner } = row.values;
  return isReference(owner) && owner.id === user.systemUserId;
};

export function requireAccess(caller: Caller, table: Table, row: Row): void {
  if (mayAccess(caller, table, row)) return;
  const where = ` on OTC=${table.objectTypeCode} for entity '${table.logicalName}'. SecLib::AccessCheckEx failed. context.Caller=${caller.user.systemUserId}.`;
  throw privilegeMissing({ userId: caller.user.systemUserId, privilege: `prvRead${table.schemaName}`, where });
}

/** Only application users have the field security profile here; who is impersonated is asked too. */
export const maySeeSecured = ({ user }: Caller): boolean => user.applicationId !== null;

/** For changes of the definitions; `privilege` is the whole name, such as `prvCreateAttribute`. */
export function requireCustomizer(caller: Caller, privilege: string): void {
  for (const user of [caller.user, caller.delegate]) {
    if (user === null || user.mayCustomize) continue;
    throw privilegeMissing({ userId: user.systemUserId, privilege, where: `. context.Caller=${user.systemUserId}.` });
  }
}
