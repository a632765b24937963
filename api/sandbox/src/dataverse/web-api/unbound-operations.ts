/** Functions (GET) and actions (POST) that belong to no table, by name. */
import { createCustomerRelationships } from '../schema-changes/change-relationships.ts';
import { reactivateKey } from '../schema-changes/change-keys.ts';
import { deleteOption, insertOption, orderOptions, updateOption } from '../schema-changes/option-actions.ts';
import { publishAll, publishSome } from '../schema-changes/publish.ts';
import { noHttpResource } from './errors.ts';
import { type ApiRequest, type ApiResponse, jsonResponse, type Session } from './messages.ts';
import type { PathSegment } from './resource-path.ts';

interface Operation {
  readonly method: 'GET' | 'POST';
  run(session: Session, request: ApiRequest, segment: PathSegment): ApiResponse;
}

const operations: Readonly<Record<string, Operation>> = {
  WhoAmI: { method: 'GET', run: whoAmI },
  PublishXml: { method: 'POST', run: publishSome },
  PublishAllXml: { method: 'POST', run: publishAll },
  ReactivateEntityKey: { method: 'POST', run: reactivateKey },
  CreateCustomerRelationships: { method: 'POST', run: createCustomerRelationships },
  InsertOptionValue: { method: 'POST', run: insertOption },
  UpdateOptionValue: { method: 'POST', run: updateOption },
  DeleteOptionValue: { method: 'POST', run: deleteOption },
  OrderOption: { method: 'POST', run: orderOptions },
};

export const isUnboundOperation = (name: string): boolean => Object.hasOwn(operations, name);

/** The address with another method is no resource at all. */
export function runUnboundOperation(session: Session, request: ApiRequest, segment: PathSegment): ApiResponse {
  const operation = operations[segment.name];
  if (operation === undefined || operation.method !== request.method) throw noHttpResource(`${session.serviceRoot}${request.path}`);
  return operation.run(session, request, segment);
}

function whoAmI(session: Session): ApiResponse {
  return jsonResponse(200, {
    '@odata.context': `${session.serviceRoot}$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse`,
    BusinessUnitId: session.environment.businessUnitId,
    UserId: session.caller.user.systemUserId,
    OrganizationId: session.environment.organizationId,
  });
}
