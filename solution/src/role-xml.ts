import type { RoleDefinition } from './definition/roles.ts';
import { element, textElement, type XmlElement } from './xml.ts';

/** As exports have it: braces around the id, and the privileges in the order of their names. */
export const roleXml = ({ id, name, privileges }: RoleDefinition): XmlElement =>
  element('Role', { id: `{${id}}`, name, isinherited: 1 }, [
    textElement('IsCustomizable', 1),
    element(
      'RolePrivileges',
      {},
      Object.entries(privileges)
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([privilege, level]) => element('RolePrivilege', { name: privilege, level })),
    ),
  ]);
