import { type Field, changedValues } from '../crm-kit/pages/fields.ts';
import type { Html } from '../crm-kit/pages/html.ts';
import { recordLine } from '../crm-kit/pages/list-page.ts';
import { relatedCard } from '../crm-kit/pages/related-card.ts';
import { createMatcher } from '../crm-kit/pages/search.ts';
import type { Subject, SubjectKind } from '../crm-kit/pages/subject.ts';
import { hubSpotSandbox } from './identity.ts';
import { objectTypes } from './object-types.ts';
import type { Portal } from './portal.ts';
import type { CrmObject, ObjectType } from './types.ts';

const shownOfRelated = 50;

/** The address that app.hubspot.com has for a record, so that a deep link only changes its host. */
const pathOf = (type: ObjectType): string => `contacts/${hubSpotSandbox.portalId}/record/${objectTypes[type].objectTypeId}`;

/** HubSpot shows whatever there is: a name, or else what comes nearest. */
const headingOf = (type: ObjectType, { id, values }: CrmObject): string => {
  const names =
    type === 'contacts' ? [`${values.firstname ?? ''} ${values.lastname ?? ''}`.trim(), values.email] : [values.name, values.domain];
  return names.find((name) => name !== null && name !== undefined && name !== '') ?? id;
};

const lineOf = (type: ObjectType, object: CrmObject): Html => recordLine(pathOf(type), object.id, headingOf(type, object));

const relatedTo = (portal: Portal, type: ObjectType, id: string): Html => {
  const other = type === 'contacts' ? 'companies' : 'contacts';
  const ids = type === 'contacts' ? portal.associations.linksOf(id).map(({ companyId }) => companyId) : portal.associations.contactsOf(id);
  const objects = ids.slice(0, shownOfRelated).flatMap((otherId) => portal.room(other).store.get(otherId) ?? []);
  const lines = objects.map((object) => lineOf(other, object));
  return type === 'contacts' ? relatedCard('Companies', lines, 'None.') : relatedCard('Contacts', lines, 'Nobody is known here.');
};

const kindOf = (portal: Portal, type: ObjectType, { singular, plural }: Pick<SubjectKind, 'singular' | 'plural'>): SubjectKind => {
  const { definition, store } = portal.room(type);
  const fields = definition.properties
    .filter(({ isReadOnly }) => isReadOnly !== true)
    .map(({ name, label }): Field => ({ name, label, isMultiLine: name === 'address' || name === 'description' }));
  const searched = [...definition.searchedProperties, 'city'];

  const subjectOf = (object: CrmObject): Subject => ({
    id: object.id,
    createdAt: object.createdAt,
    changedAt: object.updatedAt === object.createdAt ? null : object.updatedAt,
    deletedAt: object.archivedAt,
    heading: headingOf(type, object),
    textOf: (name) => object.values[name] ?? '',
    related: relatedTo(portal, type, object.id),
    save: (form) => {
      const changes = changedValues(fields, object.values, form);
      const values = Object.entries(changes ?? {}).map(([name, value]) => [name, value ?? null] as const);
      if (values.length > 0) portal.update(type, object, Object.fromEntries(values), 'CRM_UI');
      return changes !== undefined;
    },
    delete: () => void (object.archivedAt === null && portal.archive(type, object, 'CRM_UI')),
    restore: () => void (object.archivedAt !== null && portal.restore(type, object, 'CRM_UI')),
  });

  return {
    path: pathOf(type),
    singular,
    plural,
    fields,
    find: (id) => {
      const object = store.get(id) ?? store.get(id, { archived: true });
      return object && subjectOf(object);
    },
    search: ({ text, limit }) => {
      const contains = createMatcher(text);
      const lines: Html[] = [];
      for (const object of store.live) {
        if (lines.length >= limit) break;
        if (contains(object.id, ...searched.map((name) => object.values[name]))) lines.push(lineOf(type, object));
      }
      return { lines, total: store.liveCount };
    },
  };
};

/** Companies and contacts as the pages show them. */
export const subjectKinds = (portal: Portal): readonly SubjectKind[] => [
  kindOf(portal, 'companies', { singular: 'Company', plural: 'Companies' }),
  kindOf(portal, 'contacts', { singular: 'Contact', plural: 'Contacts' }),
];
