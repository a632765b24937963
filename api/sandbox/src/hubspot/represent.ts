import { type ObjectTypeDefinition, propertyOf } from './object-types.ts';
import type { Portal } from './portal.ts';
import type { CrmObject, ObjectType } from './types.ts';

export type ReadValue = (object: CrmObject) => string | null;

/** How a property is read, HubSpot's own ones included; undefined when the portal has no such property. */
export const readerOf = (portal: Portal, type: ObjectTypeDefinition, name: string): ReadValue | undefined => {
  switch (name) {
    case 'hs_object_id':
      return ({ id }) => id;
    case 'createdate':
      return ({ createdAt }) => createdAt;
    case type.modifiedProperty:
      return ({ updatedAt }) => updatedAt;
    case 'hs_merged_object_ids':
      return ({ mergedIds }) => (mergedIds.length === 0 ? null : mergedIds.join(';'));
    case 'associatedcompanyid':
      return type.name === 'contacts' ? ({ id }) => portal.associations.primaryOf(id) ?? null : undefined;
    default:
      return propertyOf(type, name) && (({ values }) => values[name] ?? null);
  }
};

export interface Shape {
  /** Empty: the defaults. An unknown name is left out in silence. */
  readonly properties: readonly string[];
  /** Search gives what was asked for and no more; everything else adds these three. */
  readonly isSearch?: boolean;
  readonly associations?: readonly string[];
}

/** A record as the API gives it. https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/guide */
export const represent = (portal: Portal, type: ObjectTypeDefinition, object: CrmObject, shape: Shape): object => {
  const { properties, isSearch = false, associations = [] } = shape;
  const always = isSearch ? [] : ['createdate', 'hs_object_id', type.modifiedProperty];
  const names = properties.length === 0 ? type.defaultProperties : [...new Set([...properties, ...always])];
  const linked = linkedTo(portal, type.name, object.id, associations);
  return {
    id: object.id,
    properties: Object.fromEntries(
      names.flatMap((name) => {
        const read = readerOf(portal, type, name);
        return read ? [[name, read(object)]] : [];
      }),
    ),
    createdAt: object.createdAt,
    updatedAt: object.updatedAt,
    archived: object.archivedAt !== null,
    ...(object.archivedAt === null ? {} : { archivedAt: object.archivedAt }),
    ...(linked === undefined ? {} : { associations: linked }),
  };
};

const linkedTo = (portal: Portal, type: ObjectType, id: string, wanted: readonly string[]): object | undefined => {
  if (type === 'contacts' && wanted.some((name) => name === 'companies' || name === 'company')) {
    const results = portal.associations
      .linksOf(id)
      .flatMap(({ companyId, isPrimary }) => [
        ...(isPrimary ? [{ id: companyId, type: 'contact_to_company' }] : []),
        { id: companyId, type: 'contact_to_company_unlabeled' },
      ]);
    return results.length === 0 ? undefined : { companies: { results } };
  }
  if (type === 'companies' && wanted.some((name) => name === 'contacts' || name === 'contact')) {
    const results = portal.associations.contactsOf(id).map((contactId) => ({ id: contactId, type: 'company_to_contact' }));
    return results.length === 0 ? undefined : { contacts: { results } };
  }
  return undefined;
};
