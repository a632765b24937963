/** The body of every query's answer, with the annotations about the whole that were asked for (count-rows.md). */
import { type ApiResponse, jsonResponse, type Session } from './messages.ts';
import type { Preferences } from './preferences.ts';

/** Counts stop here. */
export const largestCount = 5000;

export interface QueryResult {
  readonly context: string;
  /** null: nobody asked for it. */
  readonly count: number | null;
  readonly value: readonly unknown[];
  readonly nextLink: string | null;
  readonly annotations?: Readonly<Record<string, unknown>>;
}

export function queryResponse(session: Session, preferences: Preferences, result: QueryResult): ApiResponse {
  session.meter.rows(result.value.length);
  const { count } = result;
  const told = count === null ? null : Math.min(count, largestCount);
  const body: Record<string, unknown> = { '@odata.context': `${session.serviceRoot}$metadata#${result.context}` };
  if (told !== null) body['@odata.count'] = told;
  const annotations = {
    'Microsoft.Dynamics.CRM.totalrecordcount': told ?? -1,
    'Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded': count !== null && count > largestCount,
    'Microsoft.Dynamics.CRM.globalmetadataversion': String(session.environment.model.version),
    ...result.annotations,
  };
  for (const [name, value] of Object.entries(annotations)) if (preferences.wantsAnnotation(name)) body[`@${name}`] = value;
  body.value = result.value;
  if (result.nextLink !== null) body['@odata.nextLink'] = result.nextLink;
  return jsonResponse(200, body, preferences.applied.query === null ? {} : { 'Preference-Applied': preferences.applied.query });
}
