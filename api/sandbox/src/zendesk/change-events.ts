import { organizationFields, userFields, type CustomField } from './custom-fields.ts';
import type { CustomFields, Organization, User } from './types.ts';

export interface TypedEvent {
  readonly type: string;
  readonly event: Readonly<Record<string, unknown>>;
}

const changed = (type: string, previous: unknown, current: unknown): readonly TypedEvent[] =>
  JSON.stringify(previous) === JSON.stringify(current) ? [] : [{ type, event: { current, previous } }];

const fieldsChanged = (
  type: string,
  definitions: readonly CustomField[],
  before: CustomFields,
  after: CustomFields,
): readonly TypedEvent[] =>
  definitions.flatMap(({ id, key, title, type: fieldType }) =>
    changed(type, before[key] ?? null, after[key] ?? null).map(({ event }) => ({
      type,
      event: { ...event, field: { id: String(id), title, type: fieldType } },
    })),
  );

const identityChanged = (kind: 'email' | 'phone_number', previous: string | null, current: string | null): readonly TypedEvent[] => {
  if (previous === current) return [];
  const what = previous === null ? 'created' : current === null ? 'deleted' : 'changed';
  const identity = { type: kind, primary: true };
  const event =
    what === 'changed'
      ? { current: { identity: { ...identity, value: current } }, previous: { identity: { ...identity, value: previous } } }
      : { identity: { ...identity, value: current ?? previous } };
  return [{ type: `user.identity_${what}`, event }];
};

/** One event for each thing that changed. https://developer.zendesk.com/api-reference/webhooks/event-types/user-events/ */
export const userEvents = (before: User, after: User): readonly TypedEvent[] => [
  ...changed('user.name_changed', before.name, after.name),
  ...changed('user.details_changed', before.details, after.details),
  ...changed('user.notes_changed', before.notes, after.notes),
  ...changed('user.external_id_changed', before.externalId, after.externalId),
  ...changed('user.role_changed', before.role, after.role),
  ...changed('user.suspended_changed', before.suspended, after.suspended),
  ...changed('user.tags_changed', before.tags, after.tags),
  ...identityChanged('email', before.email, after.email),
  ...identityChanged('phone_number', before.phone, after.phone),
  ...fieldsChanged('user.custom_field_changed', userFields, before.fields, after.fields),
];

/**
 * Of domains, details and notes no event tells: who relies on webhooks alone misses them.
 * https://developer.zendesk.com/api-reference/webhooks/event-types/organization-events/
 */
export const organizationEvents = (before: Organization, after: Organization): readonly TypedEvent[] => [
  ...changed('organization.name_changed', before.name, after.name),
  ...changed('organization.external_id_changed', before.externalId, after.externalId),
  ...changed('organization.tags_changed', before.tags, after.tags),
  ...fieldsChanged('organization.custom_field_changed', organizationFields, before.fields, after.fields),
];
