/** Reads the Attributes of a table, with casts to their types (query-metadata-web-api.md, "Querying EntityMetadata attributes"). */
import type { QueryOptions } from '../query/query-options.ts';
import type { DataModel, Table } from '../tables/data-model.ts';
import { DataverseError, propertyNotFound, resourceNotFound } from '../web-api/errors.ts';
import { type ApiResponse, jsonResponse, type Session } from '../web-api/messages.ts';
import type { PathSegment } from '../web-api/resource-path.ts';
import { addressedName } from './addressed-name.ts';
import { type ColumnMetadata, describeColumn } from './describe-column.ts';
import type { MetadataObject } from './describe-parts.ts';
import { contextOfMetadata, filterMetadata, parseExpandItems, pickProperties } from './metadata-query.ts';

const namespace = 'Microsoft.Dynamics.CRM.';

export interface AttributeRequest {
  readonly part: PathSegment;
  readonly rest: readonly PathSegment[];
  readonly options: QueryOptions;
}

/**
 * `Attributes`, `Attributes/Microsoft.Dynamics.CRM.StringAttributeMetadata`, `Attributes(LogicalName='name')` with or without a cast, and with
 * one also `/OptionSet` and `/GlobalOptionSet`.
 */
export function attributes(session: Session, table: Table, { part, rest, options }: AttributeRequest): ApiResponse {
  const all = describeAll(table, session.environment.model);
  const [cast, navigation, ...tooMany] = rest;
  if (tooMany.length > 0) throw resourceNotFound(tooMany[0]?.name ?? '');
  const castName = cast === undefined ? null : castTypeName(cast.name, all);
  const address = `EntityDefinitions('${table.logicalName}')/Attributes`;
  if (part.predicate === null) {
    if (navigation !== undefined) throw resourceNotFound(navigation.name);
    return jsonResponse(200, {
      '@odata.context': contextOfMetadata(session, cast === undefined ? address : `${address}/${cast.name}`),
      value: attributeList(all, options, castName),
    });
  }
  const name = addressedName(part);
  const found = all.find(({ base }) => base.LogicalName === name || base.MetadataId === name);
  if (found === undefined || (castName !== null && found.typeName !== castName)) {
    throw new DataverseError(404, '0x80060888', `Could not find an attribute with specified ${name}`);
  }
  if (navigation !== undefined) return optionSet(session, found, navigation, options);
  const body = attributeBody(found, options, castName);
  return jsonResponse(200, {
    '@odata.context': contextOfMetadata(session, `${cast === undefined ? address : `${address}/${cast.name}`}/$entity`),
    ...body,
  });
}

function optionSet(session: Session, column: ColumnMetadata, { name, predicate }: PathSegment, options: QueryOptions): ApiResponse {
  if (predicate !== null || !(name in column.expandable)) throw resourceNotFound(name);
  const value = column.expandable[name];
  if (!isObject(value)) return { status: 204, headers: {}, body: '' };
  const body = pickProperties(value, options.select, 'OptionSetMetadata');
  return jsonResponse(200, { '@odata.context': contextOfMetadata(session, `${name}/$entity`), ...body });
}

export const describeAll = (table: Table, model: DataModel): readonly ColumnMetadata[] =>
  table.columns.map((column) => describeColumn(table, column, model.choices));

/** The metadata types there are; a table need not have a column of each. */
const castable = [
  'String',
  'Memo',
  'Integer',
  'BigInt',
  'Decimal',
  'Double',
  'Money',
  'Boolean',
  'DateTime',
  'Picklist',
  'State',
  'Status',
  'Lookup',
  'UniqueIdentifier',
  'EntityName',
  'MultiSelectPicklist',
  'Image',
  'File',
  'ManagedProperty',
].map((type) => `${type}AttributeMetadata`);

function castTypeName(segment: string, all: readonly ColumnMetadata[]): string {
  const name = segment.startsWith(namespace) ? segment.slice(namespace.length) : '';
  if (!castable.includes(name) && !all.some(({ typeName }) => typeName === name)) throw resourceNotFound(segment);
  return name;
}

export function attributeList(all: readonly ColumnMetadata[], options: QueryOptions, cast: string | null): readonly MetadataObject[] {
  const typed = all.filter(({ typeName }) => cast === null || typeName === cast);
  const full = typed.map((column) => ({ ...column.base, ...(cast === null ? {} : column.own), column }));
  return filterMetadata(full, options, cast ?? 'AttributeMetadata').map(({ column }) => attributeBody(column, options, cast));
}

/** What is selected must be on the type that was asked for: `MaxLength` needs a cast. Without $select, all that a column has comes. */
function attributeBody(column: ColumnMetadata, options: QueryOptions, cast: string | null): MetadataObject {
  const selectable = cast === null && options.select !== null ? column.base : { ...column.base, ...column.own };
  const picked = pickProperties(selectable, options.select, cast ?? 'AttributeMetadata');
  const body: Record<string, unknown> = cast === null ? { '@odata.type': `#${namespace}${column.typeName}`, ...picked } : { ...picked };
  for (const { name, options: inner } of parseExpandItems(options.expand)) {
    if (cast === null || !(name in column.expandable)) throw propertyNotFound(name, cast ?? 'AttributeMetadata');
    const value = column.expandable[name];
    body[name] = isObject(value) ? pickProperties(value, inner.select, 'OptionSetMetadata') : value;
  }
  return body;
}

const isObject = (value: unknown): value is MetadataObject => typeof value === 'object' && value !== null;
