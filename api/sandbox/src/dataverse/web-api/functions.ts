/** Functions that are bound to no table: WhoAmI, RetrieveVersion, RetrieveTotalRecordCount. */
import { parseJsonList } from '../query/filter-literals.ts';
import { requirePrivilege } from '../security/caller.ts';
import { badQuery, noHttpResource, tableNotFound } from './errors.ts';
import { type ApiRequest, type ApiResponse, jsonResponse, type Session } from './messages.ts';
import { decode } from './resource-path.ts';

const namespace = 'Microsoft.Dynamics.CRM.';
const version = '9.2.24112.00180';
const callPattern = /^(WhoAmI|RetrieveVersion|RetrieveTotalRecordCount)(?:\((.*)\))?$/s;

/** null: the address is no function's. Its arguments are no key, so this is asked before the address is read as a path. */
export function handleFunction(session: Session, request: ApiRequest): ApiResponse | null {
  const match = callPattern.exec(decode(request.path).replace(/\/$/, ''));
  if (match === null) return null;
  if (request.method !== 'GET') throw noHttpResource(`${session.serviceRoot}${request.path}`);
  const [, name = '', args = ''] = match;
  if (name === 'RetrieveTotalRecordCount') return totalRecordCount(session, request, args);
  if (args.trim() !== '') throw badQuery(`The function '${name}' takes no parameters.`);
  if (name === 'RetrieveVersion') return functionResponse(session, 'RetrieveVersionResponse', { Version: version });
  return functionResponse(session, 'WhoAmIResponse', {
    BusinessUnitId: session.environment.businessUnitId,
    UserId: session.caller.user.systemUserId,
    OrganizationId: session.environment.organizationId,
  });
}

/** `RetrieveTotalRecordCount(EntityNames=['account'])`, or with the list in an alias; counts beyond 5,000 (count-rows.md). */
function totalRecordCount(session: Session, request: ApiRequest, args: string): ApiResponse {
  const argument = /^\s*EntityNames\s*=\s*(@\w+|\[.*\])\s*$/s.exec(args)?.[1];
  if (argument === undefined) throw badQuery("The function 'RetrieveTotalRecordCount' needs the parameter 'EntityNames'.");
  const names = parseJsonList(argument.startsWith('@') ? aliasValue(request, argument) : argument);
  const counts = names.map((name) => {
    const table = session.environment.model.byLogicalName(name);
    if (table === undefined) throw tableNotFound(name);
    requirePrivilege(session.caller, 'Read', table);
    return session.environment.database.rows(name).size;
  });
  const EntityRecordCountCollection = { Count: names.length, IsReadOnly: false, Keys: names, Values: counts };
  return functionResponse(session, 'RetrieveTotalRecordCountResponse', { EntityRecordCountCollection });
}

function aliasValue({ query }: ApiRequest, name: string): string {
  const pairs = query.split('&').map((pair) => decode(pair.replaceAll('+', ' ')));
  const pair = pairs.find((candidate) => candidate.startsWith(`${name}=`));
  if (pair === undefined) throw badQuery(`The parameter alias '${name}' has no value.`);
  return pair.slice(name.length + 1);
}

function functionResponse(session: Session, type: string, body: Readonly<Record<string, unknown>>): ApiResponse {
  return jsonResponse(200, { '@odata.context': `${session.serviceRoot}$metadata#${namespace}${type}`, ...body });
}
