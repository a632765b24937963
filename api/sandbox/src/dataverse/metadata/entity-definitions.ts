/** Answers EntityDefinitions: tables, their Attributes (with casts) and Keys. Reading only; nothing can be changed over it yet. */
import { parseQueryString, type QueryOptions } from '../query/query-options.ts';
import { parseGuid } from '../store/values.ts';
import type { Table } from '../tables/data-model.ts';
import { DataverseError, notImplemented, propertyNotFound, resourceNotFound } from '../web-api/errors.ts';
import { type ApiRequest, type ApiResponse, jsonResponse, type Session } from '../web-api/messages.ts';
import type { PathSegment } from '../web-api/resource-path.ts';
import {
  type ColumnMetadata,
  describeColumn,
  describeKey,
  describeRelationships,
  describeTable,
  type MetadataObject,
  metadataId,
} from './describe.ts';
import { filterMetadata, parseExpandItems, pickProperties } from './metadata-query.ts';

const namespace = 'Microsoft.Dynamics.CRM.';

export function handleEntityDefinitions(session: Session, request: ApiRequest, segments: readonly PathSegment[]): ApiResponse {
  if (request.method !== 'GET') throw notImplemented('Changing table definitions');
  const options = parseQueryString(request.query);
  const [root, part, ...rest] = segments;
  if (root?.predicate === undefined || root.predicate === null) {
    if (part !== undefined) throw resourceNotFound(part.name);
    const { tables } = session.environment.model;
    const wanted = filterMetadata(tables.map(describeTable), options, 'EntityMetadata').map((item) => item.LogicalName);
    const value = tables.filter((table) => wanted.includes(table.logicalName)).map((table) => tableBody(table, options));
    return jsonResponse(200, { '@odata.context': context(session, 'EntityDefinitions'), value });
  }
  const table = findTable(session, root);
  if (part === undefined) {
    return jsonResponse(200, { '@odata.context': context(session, 'EntityDefinitions/$entity'), ...tableBody(table, options) });
  }
  if (part.name === 'Attributes') return attributes(session, table, { part, rest, options });
  if (part.name === 'Keys' && rest.length === 0) return keys(session, table, part, options);
  throw resourceNotFound(part.name);
}

function tableBody(table: Table, options: QueryOptions): MetadataObject {
  const body: Record<string, unknown> = { ...pickProperties(describeTable(table), options.select, 'EntityMetadata') };
  for (const { name, options: inner } of parseExpandItems(options.expand)) {
    if (name === 'Attributes') body.Attributes = attributeList(describeAll(table), inner, null);
    else if (name === 'Keys') body.Keys = keyList(table, inner);
    else if (name === 'ManyToOneRelationships') body.ManyToOneRelationships = relationshipList(table, inner);
    else throw propertyNotFound(name, 'EntityMetadata');
  }
  return body;
}

interface AttributeRequest {
  readonly part: PathSegment;
  readonly rest: readonly PathSegment[];
  readonly options: QueryOptions;
}

/** `Attributes`, `Attributes/Microsoft.Dynamics.CRM.StringAttributeMetadata`, `Attributes(LogicalName='name')` with or without a cast. */
function attributes(session: Session, table: Table, { part, rest, options }: AttributeRequest): ApiResponse {
  const all = describeAll(table);
  const [cast, ...tooMany] = rest;
  if (tooMany.length > 0) throw resourceNotFound(tooMany[0]?.name ?? '');
  const castName = cast === undefined ? null : castTypeName(cast.name, all);
  if (part.predicate === null) {
    return jsonResponse(200, {
      '@odata.context': context(session, `EntityDefinitions('${table.logicalName}')/Attributes`),
      value: attributeList(all, options, castName),
    });
  }
  const name = addressedName(part);
  const found = all.find(({ base }) => base.LogicalName === name || base.MetadataId === name);
  if (found === undefined || (castName !== null && found.typeName !== castName)) {
    throw new DataverseError(404, '0x80060888', `Could not find an attribute with specified ${name}`);
  }
  const body = attributeBody(found, options, castName);
  return jsonResponse(200, { '@odata.context': context(session, `EntityDefinitions('${table.logicalName}')/Attributes/$entity`), ...body });
}

const describeAll = (table: Table): readonly ColumnMetadata[] => table.columns.map((column) => describeColumn(table, column));

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
  'MultiSelectPicklist',
  'State',
  'Status',
  'Lookup',
  'UniqueIdentifier',
  'EntityName',
].map((type) => `${type}AttributeMetadata`);

function castTypeName(segment: string, all: readonly ColumnMetadata[]): string {
  const name = segment.startsWith(namespace) ? segment.slice(namespace.length) : '';
  if (!castable.includes(name) && !all.some(({ typeName }) => typeName === name)) throw resourceNotFound(segment);
  return name;
}

function attributeList(all: readonly ColumnMetadata[], options: QueryOptions, cast: string | null): readonly MetadataObject[] {
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

function keys(session: Session, table: Table, part: PathSegment, options: QueryOptions): ApiResponse {
  const address = `EntityDefinitions('${table.logicalName}')/Keys`;
  if (part.predicate === null) return jsonResponse(200, { '@odata.context': context(session, address), value: keyList(table, options) });
  const name = addressedName(part);
  const key = table.keys
    .map((candidate) => describeKey(table, candidate))
    .find((item) => item.LogicalName === name || item.MetadataId === name);
  if (key === undefined) throw new DataverseError(404, '0x80060888', `Could not find a key with specified ${name}`);
  return jsonResponse(200, {
    '@odata.context': context(session, `${address}/$entity`),
    ...pickProperties(key, options.select, 'EntityKeyMetadata'),
  });
}

function keyList(table: Table, options: QueryOptions): readonly MetadataObject[] {
  const all = table.keys.map((key) => describeKey(table, key));
  return filterMetadata(all, options, 'EntityKeyMetadata').map((key) => pickProperties(key, options.select, 'EntityKeyMetadata'));
}

function relationshipList(table: Table, options: QueryOptions): readonly MetadataObject[] {
  const typeName = 'OneToManyRelationshipMetadata';
  const all = describeRelationships(table);
  return filterMetadata(all, options, typeName).map((relationship) => pickProperties(relationship, options.select, typeName));
}

function findTable(session: Session, segment: PathSegment): Table {
  const name = addressedName(segment);
  const { model } = session.environment;
  const table = model.byLogicalName(name) ?? model.tables.find((candidate) => metadataId(candidate.logicalName) === name);
  if (table === undefined) throw new DataverseError(404, '0x80060888', `Could not find an entity with name ${name}`);
  return table;
}

/** A definition is addressed by `LogicalName='…'` or by its MetadataId. */
function addressedName({ name, predicate }: PathSegment): string {
  if (predicate?.kind === 'id') return predicate.id;
  const logicalName = predicate?.values.get('LogicalName') ?? null;
  if (logicalName?.type === 'text') return logicalName.value;
  const metadataIdValue = predicate?.values.get('MetadataId')?.value ?? '';
  const id = parseGuid(metadataIdValue);
  if (id === null) throw resourceNotFound(name);
  return id;
}

const isObject = (value: unknown): value is MetadataObject => typeof value === 'object' && value !== null;
const context = (session: Session, path: string) => `${session.serviceRoot}$metadata#${path}`;
