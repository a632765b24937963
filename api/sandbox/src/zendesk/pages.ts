import { type Field, changedValues } from '../crm-kit/pages/fields.ts';
import type { Html } from '../crm-kit/pages/html.ts';
import { recordLine } from '../crm-kit/pages/list-page.ts';
import { relatedCard } from '../crm-kit/pages/related-card.ts';
import { createMatcher } from '../crm-kit/pages/search.ts';
import type { SubjectKind } from '../crm-kit/pages/subject.ts';
import { type CustomField, organizationFields, userFields } from './custom-fields.ts';
import type { Directory } from './directory.ts';
import type { CustomFields, Organization, User } from './types.ts';

const shownOfRelated = 50;
/** The addresses of Zendesk's own agent pages, so that a deep link only changes its host. */
const paths = { users: 'agent/users', organizations: 'agent/organizations' } as const;

const userLine = (user: User): Html => recordLine(paths.users, user.id, user.name);
const organizationLine = (organization: Organization): Html => recordLine(paths.organizations, organization.id, organization.name);

const customFields = (definitions: readonly CustomField[]): readonly Field[] =>
  definitions
    .filter(({ type }) => type !== 'integer')
    .map(({ key, title, type }) => ({ name: key, label: title, isMultiLine: type === 'textarea' }));

const textValues = (fields: CustomFields): Readonly<Record<string, string | null>> =>
  Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, value === null ? null : String(value)]));

/** What of the form stands in custom fields. */
const customIn = (changes: Readonly<Record<string, string | undefined>>, definitions: readonly CustomField[]): CustomFields =>
  Object.fromEntries(definitions.flatMap(({ key }) => (changes[key] === undefined ? [] : [[key, changes[key]]])));

const firstOf = <RecordType>(
  records: readonly RecordType[],
  limit: number,
  isWanted: (record: RecordType) => boolean,
): readonly RecordType[] => {
  const found: RecordType[] = [];
  for (const record of records) {
    if (found.length >= limit) break;
    if (isWanted(record)) found.push(record);
  }
  return found;
};

const common = { deletedAt: null, restore: () => undefined } as const;

const userKind = (directory: Directory): SubjectKind => {
  const own = [
    { name: 'name', label: 'Name', isRequired: true },
    { name: 'email', label: 'Primary e-mail' },
    { name: 'phone', label: 'Phone' },
    { name: 'details', label: 'Details', isMultiLine: true },
    { name: 'notes', label: 'Notes', isMultiLine: true },
  ] as const satisfies readonly Field[];
  const fields: readonly Field[] = [...own, ...customFields(userFields)];
  const valuesOf = ({ name, email, phone, details, notes, fields: custom }: User) => ({
    ...textValues(custom),
    name,
    email,
    phone,
    details,
    notes,
  });
  return {
    path: paths.users,
    singular: 'User',
    plural: 'Users',
    fields,
    // A deleted user cannot be brought back, so it has no page.
    find: (id) => {
      const user = directory.users.get(id);
      if (!user?.active) return undefined;
      const organizations = directory
        .membershipsOf({ userId: id })
        .flatMap(({ organizationId }) => directory.organizations.get(organizationId) ?? []);
      const values: Readonly<Record<string, string | null>> = valuesOf(user);
      return {
        ...common,
        id,
        createdAt: user.createdAt,
        changedAt: user.updatedAt === user.createdAt ? null : user.updatedAt,
        heading: user.name,
        textOf: (name) => values[name] ?? '',
        related: relatedCard('Organizations', organizations.map(organizationLine), 'None.'),
        save: (form) => {
          const changes = changedValues(fields, values, form);
          if (!changes) return false;
          const changedOwn = Object.fromEntries(own.flatMap(({ name }) => (changes[name] === undefined ? [] : [[name, changes[name]]])));
          if (Object.keys(changes).length > 0) directory.updateUser(user, { ...changedOwn, fields: customIn(changes, userFields) });
          return true;
        },
        delete: () => void directory.deleteUser(user),
      };
    },
    search: ({ text, limit }) => {
      const contains = createMatcher(text);
      const all = directory.users.listed.filter(({ role }) => role === 'end-user');
      const found = firstOf(all, limit, ({ id, name, email, fields: custom }) => contains(id, name, email, textValues(custom).city));
      return { lines: found.map(userLine), total: all.length };
    },
  };
};

const organizationKind = (directory: Directory): SubjectKind => {
  const own = [
    { name: 'name', label: 'Name', isRequired: true },
    { name: 'details', label: 'Details', isMultiLine: true },
    { name: 'notes', label: 'Notes', isMultiLine: true },
  ] as const satisfies readonly Field[];
  const fields: readonly Field[] = [...own, ...customFields(organizationFields)];
  return {
    path: paths.organizations,
    singular: 'Organization',
    plural: 'Organizations',
    fields,
    find: (id) => {
      const organization = directory.organizations.get(id);
      if (!organization) return undefined;
      const { name: organizationName, details, notes } = organization;
      const values: Readonly<Record<string, string | null>> = {
        ...textValues(organization.fields),
        name: organizationName,
        details,
        notes,
      };
      const members = directory.membershipsOf({ organizationId: id }).slice(0, shownOfRelated);
      const users = members.flatMap(({ userId }) => directory.users.get(userId) ?? []);
      return {
        ...common,
        id,
        createdAt: organization.createdAt,
        changedAt: organization.updatedAt === organization.createdAt ? null : organization.updatedAt,
        heading: organization.name,
        textOf: (name) => values[name] ?? '',
        related: relatedCard('Users', users.map(userLine), 'Nobody is known here.'),
        save: (form) => {
          const changes = changedValues(fields, values, form);
          if (!changes) return false;
          const changedOwn = Object.fromEntries(own.flatMap(({ name }) => (changes[name] === undefined ? [] : [[name, changes[name]]])));
          if (Object.keys(changes).length > 0)
            directory.updateOrganization(organization, { ...changedOwn, fields: customIn(changes, organizationFields) });
          return true;
        },
        delete: () => directory.deleteOrganization(organization),
      };
    },
    search: ({ text, limit }) => {
      const contains = createMatcher(text);
      const all = directory.organizations.listed;
      const found = firstOf(all, limit, ({ id, name, fields: custom }) => contains(id, name, textValues(custom).city));
      return { lines: found.map(organizationLine), total: all.length };
    },
  };
};

/** Organizations and users as the pages show them. */
export const subjectKinds = (directory: Directory): readonly SubjectKind[] => [organizationKind(directory), userKind(directory)];
