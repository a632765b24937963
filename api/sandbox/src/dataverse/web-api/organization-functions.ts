/** What the environment says of itself: RetrieveCurrentOrganization and RetrieveEnvironmentVariableValue. */
import { organizationName } from '../security/business-unit.ts';
import { isReference, type Row } from '../store/values.ts';
import { badQuery, DataverseError } from './errors.ts';
import { type FunctionCall, textArgument } from './function-arguments.ts';
import { functionResponse } from './function-response.ts';
import type { ApiResponse, Session } from './messages.ts';

export const organizationVersion = '9.2.24112.00180';
const accessTypes = ['Default', 'Internet', 'Intranet'];

export function currentOrganization(session: Session, call: FunctionCall): ApiResponse {
  const accessType = textArgument(call, 'AccessType');
  if (!accessTypes.includes(accessType)) throw badQuery(`'${accessType}' is not a member of EndpointAccessType.`);
  const origin = new URL(session.serviceRoot).origin;
  const urls = {
    WebApplication: `${origin}/`,
    OrganizationService: `${origin}/XRMServices/2011/Organization.svc`,
    OrganizationDataService: `${origin}/XRMServices/2011/OrganizationData.svc`,
  };
  return functionResponse(session, 'RetrieveCurrentOrganizationResponse', {
    Detail: {
      OrganizationId: session.environment.organizationId,
      EnvironmentId: session.environment.organizationId,
      FriendlyName: organizationName,
      UniqueName: 'sandbox',
      UrlName: 'sandbox',
      OrganizationVersion: organizationVersion,
      OrganizationType: 'CustomerTest',
      State: 'Enabled',
      Endpoints: { Count: 3, IsReadOnly: false, Keys: Object.keys(urls), Values: Object.values(urls) },
    },
  });
}

/** The value of the environment when it has one, and the definition's default when not. */
export function environmentVariableValue(session: Session, call: FunctionCall): ApiResponse {
  const name = textArgument(call, 'DefinitionSchemaName');
  const { database } = session.environment;
  const isNamed = ({ values }: Row) => typeof values.schemaname === 'string' && values.schemaname.toLowerCase() === name.toLowerCase();
  const definition = database.rows('environmentvariabledefinition').list().find(isNamed);
  if (definition === undefined) {
    throw new DataverseError(404, '0x80040217', `environmentvariabledefinition With schemaname = ${name} Does Not Exist`);
  }
  const values = database.rows('environmentvariablevalue').list();
  const own = values.find(({ values: { environmentvariabledefinitionid: of } }) => isReference(of) && of.id === definition.id);
  const value = own?.values.value ?? definition.values.defaultvalue ?? null;
  return functionResponse(session, 'RetrieveEnvironmentVariableValueResponse', { Value: value });
}
