/** Functions that are bound to no table, by name. */
import { retrieveDuplicates } from '../duplicate-detection/retrieve-duplicates.ts';
import { parseJsonList } from '../query/filter-literals.ts';
import { requirePrivilege } from '../security/caller.ts';
import { noHttpResource, tableNotFound } from './errors.ts';
import { type FunctionCall, onlyArgument, readCall, refuseArguments } from './function-arguments.ts';
import { functionResponse } from './function-response.ts';
import type { ApiRequest, ApiResponse, Session } from './messages.ts';
import { currentOrganization, environmentVariableValue, organizationVersion } from './organization-functions.ts';

type ApiFunction = (session: Session, call: FunctionCall) => ApiResponse;

const functions: Readonly<Record<string, ApiFunction>> = {
  WhoAmI: whoAmI,
  RetrieveVersion: retrieveVersion,
  RetrieveCurrentOrganization: currentOrganization,
  RetrieveEnvironmentVariableValue: environmentVariableValue,
  RetrieveTotalRecordCount: totalRecordCount,
  RetrieveDuplicates: retrieveDuplicates,
};

/** null: the address is no function's. Its arguments are no key, so this is asked before the address is read as a path. */
export function handleFunction(session: Session, request: ApiRequest): ApiResponse | null {
  const call = readCall(request);
  const run = call !== null && Object.hasOwn(functions, call.name) ? functions[call.name] : undefined;
  if (call === null || run === undefined) return null;
  if (request.method !== 'GET') throw noHttpResource(`${session.serviceRoot}${request.path}`);
  return run(session, call);
}

function whoAmI(session: Session, call: FunctionCall): ApiResponse {
  refuseArguments(call);
  return functionResponse(session, 'WhoAmIResponse', {
    BusinessUnitId: session.environment.businessUnitId,
    UserId: session.caller.user.systemUserId,
    OrganizationId: session.environment.organizationId,
  });
}

function retrieveVersion(session: Session, call: FunctionCall): ApiResponse {
  refuseArguments(call);
  return functionResponse(session, 'RetrieveVersionResponse', { Version: organizationVersion });
}

/** `RetrieveTotalRecordCount(EntityNames=['account'])`, or with the list in an alias; counts beyond 5,000 (count-rows.md). */
function totalRecordCount(session: Session, call: FunctionCall): ApiResponse {
  const names = parseJsonList(onlyArgument(call, 'EntityNames'));
  const counts = names.map((name) => {
    const table = session.environment.model.byLogicalName(name);
    if (table === undefined) throw tableNotFound(name);
    requirePrivilege(session.caller, 'Read', table);
    return session.environment.database.rows(name).size;
  });
  const EntityRecordCountCollection = { Count: names.length, IsReadOnly: false, Keys: names, Values: counts };
  return functionResponse(session, 'RetrieveTotalRecordCountResponse', { EntityRecordCountCollection });
}
