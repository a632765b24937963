/** Actions, functions and their types as the $metadata document describes them. */
import { element } from './xml.ts';

type Members = Readonly<Record<string, string>>;

/** Complex types: members by name. */
const complexTypes: Readonly<Record<string, Members>> = {
  LocalizedLabel: {
    Label: 'Edm.String',
    LanguageCode: 'Edm.Int32',
    IsManaged: 'Edm.Boolean',
    MetadataId: 'Edm.Guid',
    HasChanged: 'Edm.Boolean',
  },
  Label: { LocalizedLabels: 'Collection(mscrm.LocalizedLabel)', UserLocalizedLabel: 'mscrm.LocalizedLabel' },
  PagingInfo: { PageNumber: 'Edm.Int32', Count: 'Edm.Int32', ReturnTotalRecordCount: 'Edm.Boolean', PagingCookie: 'Edm.String' },
  EndpointCollection: {
    Count: 'Edm.Int32',
    IsReadOnly: 'Edm.Boolean',
    Keys: 'Collection(Edm.String)',
    Values: 'Collection(Edm.String)',
  },
  OrganizationDetail: {
    OrganizationId: 'Edm.Guid',
    EnvironmentId: 'Edm.String',
    FriendlyName: 'Edm.String',
    UniqueName: 'Edm.String',
    UrlName: 'Edm.String',
    OrganizationVersion: 'Edm.String',
    OrganizationType: 'Edm.String',
    State: 'Edm.String',
    Endpoints: 'mscrm.EndpointCollection',
  },
  EntityRecordCountCollection: {
    Count: 'Edm.Int32',
    IsReadOnly: 'Edm.Boolean',
    Keys: 'Collection(Edm.String)',
    Values: 'Collection(Edm.Int64)',
  },
  WhoAmIResponse: { BusinessUnitId: 'Edm.Guid', UserId: 'Edm.Guid', OrganizationId: 'Edm.Guid' },
  RetrieveVersionResponse: { Version: 'Edm.String' },
  RetrieveCurrentOrganizationResponse: { Detail: 'mscrm.OrganizationDetail' },
  RetrieveEnvironmentVariableValueResponse: { Value: 'Edm.String' },
  RetrieveTotalRecordCountResponse: { EntityRecordCountCollection: 'mscrm.EntityRecordCountCollection' },
  InsertOptionValueResponse: { NewOptionValue: 'Edm.Int32' },
  CreateMultipleResponse: { Ids: 'Collection(Edm.Guid)' },
};

const enumerations: Readonly<Record<string, readonly string[]>> = { EndpointAccessType: ['Default', 'Internet', 'Intranet'] };

interface Operation {
  readonly parameters: Members;
  readonly returns: string | null;
}

const functions: Readonly<Record<string, Operation>> = {
  WhoAmI: { parameters: {}, returns: 'mscrm.WhoAmIResponse' },
  RetrieveVersion: { parameters: {}, returns: 'mscrm.RetrieveVersionResponse' },
  RetrieveCurrentOrganization: {
    parameters: { AccessType: 'mscrm.EndpointAccessType' },
    returns: 'mscrm.RetrieveCurrentOrganizationResponse',
  },
  RetrieveEnvironmentVariableValue: {
    parameters: { DefinitionSchemaName: 'Edm.String' },
    returns: 'mscrm.RetrieveEnvironmentVariableValueResponse',
  },
  RetrieveTotalRecordCount: { parameters: { EntityNames: 'Collection(Edm.String)' }, returns: 'mscrm.RetrieveTotalRecordCountResponse' },
  RetrieveDuplicates: {
    parameters: { BusinessEntity: 'mscrm.crmbaseentity', MatchingEntityName: 'Edm.String', PagingInfo: 'mscrm.PagingInfo' },
    returns: 'Collection(mscrm.crmbaseentity)',
  },
};

const ofOption: Members = {
  OptionSetName: 'Edm.String',
  AttributeLogicalName: 'Edm.String',
  EntityLogicalName: 'Edm.String',
  SolutionUniqueName: 'Edm.String',
};

const actions: Readonly<Record<string, Operation>> = {
  PublishXml: { parameters: { ParameterXml: 'Edm.String' }, returns: null },
  PublishAllXml: { parameters: {}, returns: null },
  ReactivateEntityKey: { parameters: { EntityLogicalName: 'Edm.String', EntityKeyLogicalName: 'Edm.String' }, returns: null },
  InsertOptionValue: { parameters: { ...ofOption, Value: 'Edm.Int32', Label: 'mscrm.Label' }, returns: 'mscrm.InsertOptionValueResponse' },
  UpdateOptionValue: {
    parameters: { ...ofOption, Value: 'Edm.Int32', Label: 'mscrm.Label', MergeLabels: 'Edm.Boolean' },
    returns: null,
  },
  DeleteOptionValue: { parameters: { ...ofOption, Value: 'Edm.Int32' }, returns: null },
  OrderOption: { parameters: { ...ofOption, Values: 'Collection(Edm.Int32)' }, returns: null },
};

export function operationTypes(): readonly string[] {
  return [
    ...Object.entries(enumerations).map(([name, members]) =>
      element(
        'EnumType',
        { Name: name },
        members.map((member, index) => element('Member', { Name: member, Value: index })),
      ),
    ),
    ...Object.entries(complexTypes).map(([name, members]) => element('ComplexType', { Name: name }, typed('Property', members))),
    ...Object.entries(functions).map(([name, operation]) => describe('Function', name, operation)),
    ...Object.entries(actions).map(([name, operation]) => describe('Action', name, operation)),
  ];
}

export function operationImports(): readonly string[] {
  return [
    ...Object.keys(functions).map((name) =>
      element('FunctionImport', { Name: name, Function: `mscrm.${name}`, IncludeInServiceDocument: false }),
    ),
    ...Object.keys(actions).map((name) => element('ActionImport', { Name: name, Action: `mscrm.${name}` })),
  ];
}

/** CreateMultiple, UpdateMultiple and UpsertMultiple of one table. */
export function bulkActions(table: string): readonly string[] {
  const rows = `Collection(mscrm.${table})`;
  return ['CreateMultiple', 'UpdateMultiple', 'UpsertMultiple'].map((name) =>
    element('Action', { Name: name, IsBound: true }, [
      element('Parameter', { Name: 'entityset', Type: rows, Nullable: false }),
      element('Parameter', { Name: 'Targets', Type: rows, Nullable: false }),
      ...(name === 'CreateMultiple' ? [element('ReturnType', { Type: 'mscrm.CreateMultipleResponse', Nullable: false })] : []),
    ]),
  );
}

const typed = (tag: 'Property' | 'Parameter', members: Members): readonly string[] =>
  Object.entries(members).map(([name, type]) => element(tag, { Name: name, Type: type }));

function describe(tag: 'Function' | 'Action', name: string, { parameters, returns }: Operation): string {
  const returned = returns === null ? [] : [element('ReturnType', { Type: returns, Nullable: false })];
  return element(tag, { Name: name }, [...typed('Parameter', parameters), ...returned]);
}
