import { AppError } from '../../errors/app-error.ts';
import { compileCondition, compileListPath, compilePath } from '../expression/compile.ts';
import { isList, isObject } from '../expression/json.ts';
import type { ListSelector } from '../expression/path.ts';
import type { Condition } from '../expression/condition.ts';
import type { EventBody, WebhooksBody } from '../manifest/schema/webhook.ts';
import type { IdReader } from '../reader/record-id.ts';
import { compileModified } from '../reader/record-reader.ts';
import type { JsonValue, TableName } from '../types.ts';
import type { Delivery, Proof } from './delivery.ts';
import type { WebhookEvent } from './types.ts';

interface EventRule {
  readonly holds: Condition;
  readonly read: ((event: JsonValue) => WebhookEvent) | null;
}

const unreadable = (problem: string): AppError => new AppError('webhook.unreadable', { problem });

/** What a record that came along is worth without a time is decided where it is read; a time in words of its own is no reason to refuse. */
const compileTime = (at: WebhooksBody['at']): ((event: JsonValue) => { readonly occurredOnMs?: number }) => {
  const read = compileModified(at);
  return (event) => {
    const occurredOnMs = isObject(event) ? read(event) : null;
    return occurredOnMs === null || Number.isNaN(occurredOnMs) ? {} : { occurredOnMs };
  };
};

const compileEvent = (
  { when, do: action = 'upsert', table, ids, record }: EventBody,
  readTime: ReturnType<typeof compileTime>,
  idReaders: Readonly<Partial<Record<TableName, IdReader>>>,
): EventRule => {
  const holds = when === undefined ? () => true : compileCondition(when);
  const readId = table === undefined ? undefined : idReaders[table];
  if (action === 'ignore' || table === undefined || ids === undefined || readId === undefined) return { holds, read: null };
  const selectRecord = record === undefined ? null : compilePath(record);
  const selectors: readonly ListSelector[] = [ids].flat().map(compileListPath);
  const read = (event: JsonValue): WebhookEvent => {
    const recordIds = selectors
      .flatMap((select) => select(event))
      .flatMap((found) => (isList(found) ? found : [found]))
      .map((found) => readId(found) ?? null);
    const known = recordIds.filter((id) => id !== null);
    if (known.length === 0 || known.length < recordIds.length) throw unreadable('an event holds no id where the manifest says');
    const carried = selectRecord?.(event) ?? undefined;
    if (selectRecord !== null && carried === undefined) throw unreadable('an event holds no record where the manifest says');
    return { table, recordIds: [...new Set(known)], action, ...readTime(event), ...(carried === undefined ? {} : { carried }) };
  };
  return { holds, read };
};

const formatNames = { json: 'JSON', xml: 'XML', form: 'a form' } as const;

/**
 * A hint says that a record is worth a look, whatever it claims: then no later step can take it for more, and only what a read finds
 * gone is removed.
 */
const asHint = ({ carried: _notBelieved, ...event }: WebhookEvent): WebhookEvent => ({ ...event, action: 'upsert' });

/** The body's events in our terms, in their order. Throws `webhook.unreadable`. */
export const compileEventReader = (
  { each, at, events, format = 'json' }: WebhooksBody,
  idReaders: Readonly<Partial<Record<TableName, IdReader>>>,
): ((delivery: Delivery, trust: Proof['trust']) => readonly WebhookEvent[]) => {
  const selectEach = compileListPath(each ?? '$');
  // XML cannot say that a list has one element: it then looks like the element itself.
  const isListMeant = each !== undefined;
  const readTime = compileTime(at);
  const rules = events.map((event) => compileEvent(event, readTime, idReaders));
  return (delivery, trust) => {
    const body = delivery.body();
    if (body === undefined) throw unreadable(`the body is not ${formatNames[format]}`);
    const found = selectEach(body).flatMap((event) => (isListMeant && isList(event) ? event : [event]));
    return found.flatMap((event) => {
      const rule = rules.find(({ holds }) => holds(event));
      if (rule?.read == null) return [];
      const read = rule.read(event);
      return [trust === 'hint' ? asHint(read) : read];
    });
  };
};
