import { parseGuid } from '../store/values.ts';
import { resourceNotFound } from '../web-api/errors.ts';
import type { PathSegment } from '../web-api/resource-path.ts';

/** A definition is addressed by its name (`LogicalName='…'`, a relationship by `SchemaName`, a choice by `Name`) or by its MetadataId. */
export function addressedName({ name, predicate }: PathSegment, nameProperty = 'LogicalName'): string {
  if (predicate?.kind === 'id') return predicate.id;
  const byName = predicate?.values.get(nameProperty) ?? null;
  if (byName?.type === 'text') return byName.value;
  const id = parseGuid(predicate?.values.get('MetadataId')?.value ?? '');
  if (id === null) throw resourceNotFound(name);
  return id;
}
