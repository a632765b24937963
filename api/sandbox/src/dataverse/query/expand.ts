/** $expand: related rows inside a row (join-tables.md). */
import { type JsonRow, representRow } from '../store/represent.ts';
import { isReference, type Row } from '../store/values.ts';
import type { CollectionNavigation, Navigation, Table } from '../tables/data-model.ts';
import { requirePrivilege } from '../security/caller.ts';
import { badQuery, notImplemented, propertyNotFound } from '../web-api/errors.ts';
import type { Session } from '../web-api/messages.ts';
import { parseExpandOptions, type QueryOptions, splitTopLevel } from './query-options.ts';
import { checkSelect, selectRows } from './select-rows.ts';

/** Adds what the expands ask for to a row's JSON. */
export type Expander = (row: Row, json: JsonRow) => void;

export interface ExpandContext {
  readonly session: Session;
  readonly aliases: ReadonlyMap<string, string>;
  readonly wantsAnnotation: (name: string) => boolean;
}

export function compileExpand(table: Table, expand: string | null, context: ExpandContext): Expander {
  if (expand === null) return () => undefined;
  const expanders = splitTopLevel(expand, ',').map((item) => compileItem(table, item.trim(), context));
  return (row, json) => {
    for (const expander of expanders) expander(row, json);
  };
}

function compileItem(table: Table, item: string, context: ExpandContext): Expander {
  const match = /^([A-Za-z_]\w*)(\/\$ref)?(?:\((.*)\))?$/s.exec(item);
  if (match === null) throw badQuery(`Syntax error in $expand near '${item}'.`);
  const [, name = '', asReference, inside] = match;
  const options = parseExpandOptions(inside ?? '', context.aliases);
  const navigation = table.navigations.get(name);
  if (navigation !== undefined) return expandOne({ name, navigation, options, isReference: asReference !== undefined }, context);
  const collection = table.collections.get(name);
  if (collection === undefined) throw propertyNotFound(name, table.logicalName);
  if (asReference !== undefined) throw notImplemented('$expand of references in a collection');
  return expandMany({ name, collection, options }, context);
}

interface One {
  readonly name: string;
  readonly navigation: Navigation;
  readonly options: QueryOptions;
  readonly isReference: boolean;
}

function expandOne({ name, navigation, options, isReference: asReference }: One, context: ExpandContext): Expander {
  const { model, database } = context.session.environment;
  const target = model.require(navigation.target.table);
  requirePrivilege(context.session.caller, 'Read', target);
  checkSelect(target, options.select);
  const nested = compileExpand(target, options.expand, context);
  return (row, json) => {
    const reference = row.values[navigation.column.logicalName];
    const related =
      isReference(reference) && reference.table === target.logicalName ? database.rows(target.logicalName).get(reference.id) : undefined;
    if (related === undefined) {
      json[name] = null;
      return;
    }
    if (asReference) {
      json[name] = { '@odata.id': `${context.session.serviceRoot}${target.entitySetName}(${related.id})` };
      return;
    }
    const relatedJson = representRow(target, related, {
      model,
      database,
      select: options.select,
      wantsAnnotation: context.wantsAnnotation,
    });
    nested(related, relatedJson);
    json[name] = relatedJson;
  };
}

interface Many {
  readonly name: string;
  readonly collection: CollectionNavigation;
  readonly options: QueryOptions;
}

function expandMany({ name, collection, options }: Many, context: ExpandContext): Expander {
  const { model, database } = context.session.environment;
  const target = model.require(collection.table);
  requirePrivilege(context.session.caller, 'Read', target);
  checkSelect(target, options.select);
  const nested = compileExpand(target, options.expand, context);
  const select = selectRows(context.session.environment, target, options);
  return (row, json) => {
    const related = select((candidate) => {
      const reference = candidate.values[collection.column.logicalName];
      return isReference(reference) && reference.id === row.id;
    });
    json[name] = related.slice(0, options.top ?? related.length).map((relatedRow) => {
      const relatedJson = representRow(target, relatedRow, {
        model,
        database,
        select: options.select,
        wantsAnnotation: context.wantsAnnotation,
      });
      nested(relatedRow, relatedJson);
      return relatedJson;
    });
  };
}
