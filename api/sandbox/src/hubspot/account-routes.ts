import type { FastifyInstance } from 'fastify';
import { HubSpotError } from './errors.ts';
import { hubSpotSandbox } from './identity.ts';
import { type ObjectTypeDefinition, type PropertyDefinition, objectTypes, propertyOf } from './object-types.ts';

const propertyBody = (type: ObjectTypeDefinition, property: PropertyDefinition) => ({
  name: property.name,
  label: property.label,
  type: property.type,
  fieldType: property.fieldType,
  description: '',
  groupName: `${type.singular}information`,
  options: [],
  displayOrder: -1,
  calculated: property.isReadOnly === true,
  externalOptions: false,
  hasUniqueValue: property.hasUniqueValue === true,
  hidden: false,
  hubspotDefined: true,
  modificationMetadata: { archivable: false, readOnlyDefinition: true, readOnlyValue: property.isReadOnly === true },
  formField: property.isReadOnly !== true,
  archived: false,
});

/** What the portal is, and which properties its records have. https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide */
export const addAccountRoutes = (app: FastifyInstance): void => {
  for (const version of ['v3', '2026-03', '2026-09']) {
    app.get(`/account-info/${version}/details`, () => ({
      portalId: hubSpotSandbox.portalId,
      accountType: 'DEVELOPER_TEST',
      timeZone: 'UTC',
      companyCurrency: 'USD',
      additionalCurrencies: [],
      utcOffset: '+00:00',
      utcOffsetMilliseconds: 0,
      uiDomain: 'app.hubspot.com',
      dataHostingLocation: 'na1',
    }));
  }
  for (const prefix of ['/crm/v3/properties', '/crm/properties/2026-03', '/crm/properties/2026-09']) {
    for (const type of Object.values(objectTypes)) {
      const config = { hubSpotScopes: [`crm.objects.${type.name}.read`, `crm.schemas.${type.name}.read`] };
      app.get(`${prefix}/${type.name}`, { config }, () => ({ results: type.properties.map((property) => propertyBody(type, property)) }));
      app.get<{ Params: { name: string } }>(`${prefix}/${type.name}/:name`, { config }, ({ params }) => {
        const property = propertyOf(type, params.name);
        if (!property) throw new HubSpotError(404, 'OBJECT_NOT_FOUND', `Property ${params.name} does not exist.`);
        return propertyBody(type, property);
      });
    }
  }
};
