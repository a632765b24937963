/** Actions that belong to no table, by name. */
import { createCustomerRelationships } from '../schema-changes/customer-lookups.ts';
import { reactivateKey } from '../schema-changes/change-keys.ts';
import { deleteOption, insertOption, orderOptions, updateOption } from '../schema-changes/option-actions.ts';
import { publishAll, publishSome } from '../schema-changes/publish.ts';
import { noHttpResource } from './errors.ts';
import type { ApiRequest, ApiResponse, Session } from './messages.ts';

type Action = (session: Session, request: ApiRequest) => ApiResponse;

const actions: Readonly<Record<string, Action>> = {
  PublishXml: publishSome,
  PublishAllXml: publishAll,
  ReactivateEntityKey: reactivateKey,
  CreateCustomerRelationships: createCustomerRelationships,
  InsertOptionValue: insertOption,
  UpdateOptionValue: updateOption,
  DeleteOptionValue: deleteOption,
  OrderOption: orderOptions,
};

/** null: the address is no action's. With another method than POST it is no resource at all. */
export function handleAction(session: Session, request: ApiRequest): ApiResponse | null {
  const action = Object.hasOwn(actions, request.path) ? actions[request.path] : undefined;
  if (action === undefined) return null;
  if (request.method !== 'POST') throw noHttpResource(`${session.serviceRoot}${request.path}`);
  return action(session, request);
}
