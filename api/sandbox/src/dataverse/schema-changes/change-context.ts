/** What every change of the definitions needs: the right to make it, the solution that it goes to, and the schema as it is. */
import { requireCustomizer } from '../security/caller.ts';
import { isReference, type RowValues } from '../store/values.ts';
import type { TableDefinition } from '../tables/definition.ts';
import { notImplemented } from '../web-api/errors.ts';
import { type JsonObject, parseJsonObject } from '../web-api/json-body.ts';
import { type ApiRequest, type ApiResponse, noContent, type Session } from '../web-api/messages.ts';
import { componentNotFound, invalidArgument, solutionUnknown } from './refusals.ts';

/** Numbers of solutioncomponent's componenttype. */
export const componentTypes = { Entity: 1, Attribute: 2, OptionSet: 9, Relationship: 10, EntityKey: 14 } as const;
export type ComponentKind = keyof typeof componentTypes;

export interface Change {
  readonly session: Session;
  readonly request: ApiRequest;
  readonly solution: TargetSolution | null;
  /** Of the solution; null when the request names none. */
  readonly publisherPrefix: string | null;
  /** Where the values of new options start. */
  readonly firstOptionValue: number;
}

interface TargetSolution {
  readonly id: string;
}

/** Throws when the caller may not (`prvCreateAttribute` and so on), or when MSCRM.SolutionUniqueName names no solution that can take it. */
export function beginChange(session: Session, request: ApiRequest, kind: ComponentKind, verb: 'Create' | 'Write' | 'Delete'): Change {
  requireCustomizer(session.caller, `prv${verb}${kind}`);
  // A change set that fails must leave nothing behind, and definitions have no transaction here.
  if (session.contentIds !== null) throw notImplemented('Changing definitions inside of a change set');
  const uniqueName = request.headers['mscrm.solutionuniquename'];
  if (uniqueName === undefined || uniqueName === '') {
    return { session, request, solution: null, publisherPrefix: null, firstOptionValue: 10_000 * 10_000 };
  }
  const { database } = session.environment;
  const found = database
    .rows('solution')
    .list()
    .find(({ values }) => sameName(values, uniqueName));
  if (found === undefined) throw solutionUnknown(uniqueName);
  if (found.values.ismanaged === true) throw invalidArgument(`The solution ${uniqueName} is managed: no component can be added to it.`);
  const publisherId = isReference(found.values.publisherid) ? found.values.publisherid.id : '';
  const publisher = database.rows('publisher').get(publisherId)?.values;
  return {
    session,
    request,
    solution: { id: found.id },
    publisherPrefix: typeof publisher?.customizationprefix === 'string' ? publisher.customizationprefix.toLowerCase() : null,
    firstOptionValue: Number(publisher?.customizationoptionvalueprefix ?? 10_000) * 10_000,
  };
}

const sameName = (values: RowValues, name: string) =>
  typeof values.uniquename === 'string' && values.uniquename.toLowerCase() === name.toLowerCase();

export const bodyOf = ({ request }: Change, set: string): JsonObject => parseJsonObject(request.body, set);

/** The answer to a create: the address of what is new, which the solution then holds too. */
export function created(change: Change, kind: ComponentKind, address: string, id: string): ApiResponse {
  const { environment, serviceRoot } = change.session;
  if (change.solution !== null) {
    const componentId = environment.newGuid();
    const solution = { table: 'solution', id: change.solution.id };
    const values = { solutioncomponentid: componentId, componenttype: componentTypes[kind], objectid: id, solutionid: solution };
    environment.database.transaction(() =>
      environment.database.put('solutioncomponent', { id: componentId, version: environment.database.nextVersion(), values }),
    );
  }
  return noContent({ 'OData-EntityId': `${serviceRoot}${address}(${id})` });
}

export const updated = (change: Change): ApiResponse =>
  noContent({ 'OData-EntityId': `${change.session.serviceRoot}${decodeURIComponent(change.request.path)}` });

/** MSCRM.MergeLabels; false when the request has no such header. */
export const isMergingLabels = ({ headers }: ApiRequest): boolean => headers['mscrm.mergelabels']?.toLowerCase() === 'true';

export function requireTable({ session }: Change, logicalName: string): TableDefinition {
  const table = session.environment.schema.tables.find((candidate) => candidate.logicalName === logicalName);
  if (table === undefined) throw componentNotFound('an entity', logicalName);
  return table;
}
