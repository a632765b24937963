/**
 * The $metadata document (web-api-service-documents.md, web-api-entitytypes.md): the tables as entity types, their lookups and collections as
 * navigation properties, functions and actions. The types that definitions themselves are made of are left out.
 */
import type { DataModel, Table } from '../tables/data-model.ts';
import { type ColumnDefinition, propertyName } from '../tables/definition.ts';
import { methodNotAllowed } from '../web-api/errors.ts';
import type { ApiRequest, ApiResponse, Session } from '../web-api/messages.ts';
import { parsePreferences } from '../web-api/preferences.ts';
import { bulkActions, operationImports, operationTypes } from './csdl-operations.ts';
import { element } from './xml.ts';

const namespace = 'Microsoft.Dynamics.CRM';
/** Users and teams inherit the property that all owners have. */
const principals = ['systemuser', 'team'];

export function handleMetadataDocument(session: Session, request: ApiRequest): ApiResponse {
  if (request.method !== 'GET') throw methodNotAllowed(request.method);
  const isAnnotated =
    /(^|&)annotations=true(&|$)/.test(request.query) ||
    parsePreferences(request.headers).wantsAnnotation('Org.OData.Capabilities.V1.ChangeTracking');
  return { status: 200, headers: { 'Content-Type': 'application/xml' }, body: writeDocument(session.environment.model, isAnnotated) };
}

function writeDocument(model: DataModel, isAnnotated: boolean): string {
  const schema = element('Schema', { Namespace: namespace, Alias: 'mscrm', xmlns: 'http://docs.oasis-open.org/odata/ns/edm' }, [
    element('EntityType', { Name: 'crmbaseentity', Abstract: true }),
    element('EntityType', { Name: 'principal', BaseType: 'mscrm.crmbaseentity' }, [
      element('Key', {}, [element('PropertyRef', { Name: 'ownerid' })]),
      element('Property', { Name: 'ownerid', Type: 'Edm.Guid', Nullable: false }),
    ]),
    ...model.tables.map((table) => entityType(model, table)),
    ...operationTypes(),
    ...model.tables.filter((table) => table.supportsBulkMessages).flatMap((table) => bulkActions(table.logicalName)),
    element('EntityContainer', { Name: 'System' }, [...model.tables.map((table) => entitySet(table, isAnnotated)), ...operationImports()]),
  ]);
  const services = element('edmx:DataServices', {}, [schema]);
  const document = element('edmx:Edmx', { Version: '4.0', 'xmlns:edmx': 'http://docs.oasis-open.org/odata/ns/edmx' }, [services]);
  return `<?xml version="1.0" encoding="utf-8"?>${document}`;
}

function entityType(model: DataModel, table: Table): string {
  const isPrincipal = principals.includes(table.logicalName);
  const columns = table.columns.filter((column) => !(isPrincipal && column.logicalName === 'ownerid'));
  return element('EntityType', { Name: table.logicalName, BaseType: isPrincipal ? 'mscrm.principal' : 'mscrm.crmbaseentity' }, [
    element('Key', {}, [element('PropertyRef', { Name: table.primaryIdColumn })]),
    ...columns.map((column) =>
      element('Property', {
        Name: propertyName(column),
        Type: edmType(column),
        Nullable: column.logicalName === table.primaryIdColumn ? false : null,
        Unicode: column.type === 'String' || column.type === 'Memo' ? false : null,
      }),
    ),
    ...lookups(model, table),
    ...collections(model, table),
    ...alternateKeys(table),
  ]);
}

function lookups(model: DataModel, table: Table): readonly string[] {
  return [...table.navigations].map(([name, { column, target }]) => {
    // An owner is a user or a team: its type is what both are.
    const type = column.type === 'Owner' ? 'principal' : target.table;
    const referenced = column.type === 'Owner' ? 'ownerid' : model.require(target.table).primaryIdColumn;
    return element('NavigationProperty', { Name: name, Type: `mscrm.${type}`, Nullable: false, Partner: target.collectionProperty }, [
      element('ReferentialConstraint', { Property: propertyName(column), ReferencedProperty: referenced }),
    ]);
  });
}

function collections(model: DataModel, table: Table): readonly string[] {
  const oneToMany = [...table.collections].map(([name, { table: other, column }]) => {
    const partner = column.targets.find((target) => target.collectionProperty === name)?.navigationProperty ?? null;
    return element('NavigationProperty', { Name: name, Type: `Collection(mscrm.${other})`, Partner: partner });
  });
  const manyToMany = [...table.manyToMany].map(([name, { table: other }]) =>
    element('NavigationProperty', { Name: name, Type: `Collection(mscrm.${model.require(other).logicalName})` }),
  );
  return [...oneToMany, ...manyToMany];
}

function alternateKeys(table: Table): readonly string[] {
  const keys = table.keys.filter((key) => key.indexStatus === 'Active');
  if (keys.length === 0) return [];
  const community = 'OData.Community.Keys.V1';
  const records = keys.map((key) => {
    const references = key.columns.map((name) => {
      const column = table.columnsByName.get(name);
      const property = column === undefined ? name : propertyName(column);
      return element('Record', { Type: `${community}.PropertyRef` }, [
        element('PropertyValue', { Property: 'Alias', String: property }),
        element('PropertyValue', { Property: 'Name', PropertyPath: property }),
      ]);
    });
    const properties = element('PropertyValue', { Property: 'Key' }, [element('Collection', {}, references)]);
    return element('Record', { Type: `${community}.AlternateKey` }, [properties]);
  });
  return [element('Annotation', { Term: `${community}.AlternateKeys` }, [element('Collection', {}, records)])];
}

function entitySet(table: Table, isAnnotated: boolean): string {
  const record = element('Record', {}, [element('PropertyValue', { Property: 'Supported', Bool: true })]);
  const annotations =
    isAnnotated && table.isChangeTracked === true
      ? [element('Annotation', { Term: 'Org.OData.Capabilities.V1.ChangeTracking' }, [record])]
      : [];
  return element('EntitySet', { Name: table.entitySetName, EntityType: `${namespace}.${table.logicalName}` }, annotations);
}

function edmType(column: ColumnDefinition): string {
  switch (column.type) {
    case 'String':
    case 'Memo':
    case 'EntityName':
      return 'Edm.String';
    case 'Integer':
    case 'Picklist':
    case 'State':
    case 'Status':
      return 'Edm.Int32';
    case 'BigInt':
      return 'Edm.Int64';
    case 'Decimal':
    case 'Money':
      return 'Edm.Decimal';
    case 'Double':
      return 'Edm.Double';
    case 'Boolean':
      return 'Edm.Boolean';
    case 'DateTime':
      return column.format === 'DateOnly' ? 'Edm.Date' : 'Edm.DateTimeOffset';
    case 'Lookup':
    case 'Customer':
    case 'Owner':
    case 'Uniqueidentifier':
      return 'Edm.Guid';
  }
}
