import { AppError } from '../../errors/app-error.ts';
import { compileCondition, compileListPath } from '../expression/compile.ts';
import { isList } from '../expression/json.ts';
import type { ListSelector } from '../expression/path.ts';
import type { Condition } from '../expression/condition.ts';
import { decodeJson } from '../http/decode-json.ts';
import type { EventBody, WebhooksBody } from '../manifest/schema/webhook.ts';
import type { IdReader } from '../reader/record-id.ts';
import type { JsonValue, TableName, WebhookEvent } from '../types.ts';

interface EventRule {
  readonly holds: Condition;
  readonly read: ((event: JsonValue) => WebhookEvent) | null;
}

const unreadable = (problem: string): AppError => new AppError('webhook.unreadable', { problem });

const compileEvent = (
  { when, do: action = 'upsert', table, ids }: EventBody,
  idReaders: Readonly<Partial<Record<TableName, IdReader>>>,
): EventRule => {
  const holds = when === undefined ? () => true : compileCondition(when);
  const readId = table === undefined ? undefined : idReaders[table];
  if (action === 'ignore' || table === undefined || ids === undefined || readId === undefined) return { holds, read: null };
  const selectors: readonly ListSelector[] = [ids].flat().map(compileListPath);
  const read = (event: JsonValue): WebhookEvent => {
    const recordIds = selectors
      .flatMap((select) => select(event))
      .flatMap((found) => (isList(found) ? found : [found]))
      .map((found) => readId(found) ?? null);
    const known = recordIds.filter((id) => id !== null);
    if (known.length === 0 || known.length < recordIds.length) throw unreadable('an event holds no id where the manifest says');
    return { table, recordIds: [...new Set(known)], action };
  };
  return { holds, read };
};

/** The body's events in our terms, in their order. Throws `webhook.unreadable`. */
export const compileEventReader = (
  { each = '$', events }: WebhooksBody,
  idReaders: Readonly<Partial<Record<TableName, IdReader>>>,
): ((rawBody: Buffer) => readonly WebhookEvent[]) => {
  const selectEvents = compileListPath(each);
  const rules = events.map((event) => compileEvent(event, idReaders));
  return (rawBody) => {
    const body = decodeJson(rawBody);
    if (body === undefined) throw unreadable('the body is not JSON');
    return selectEvents(body).flatMap((event) => {
      const rule = rules.find(({ holds }) => holds(event));
      return rule?.read == null ? [] : [rule.read(event)];
    });
  };
};
