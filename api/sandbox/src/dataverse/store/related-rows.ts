/** Collection-valued navigation properties: the rows that point to a row, and those that an intersect table pairs with it. */
import type { CollectionNavigation, DataModel, ManyToManyNavigation, Table } from '../tables/data-model.ts';
import type { Database } from './database.ts';
import type { Row, StoredValue } from './values.ts';

export interface RelatedRows {
  /** Whose rows these are. */
  readonly table: Table;
  readonly navigation:
    | { readonly kind: 'oneToMany'; readonly oneToMany: CollectionNavigation }
    | { readonly kind: 'manyToMany'; readonly manyToMany: ManyToManyNavigation };
  /** By ascending primary key. */
  of(parentId: string): readonly Row[];
}

interface Data {
  readonly model: DataModel;
  readonly database: Database;
}

/** Undefined when the table has no collection of that name. */
export function relatedRows({ model, database }: Data, table: Table, name: string): RelatedRows | undefined {
  const oneToMany = table.collections.get(name);
  if (oneToMany !== undefined) {
    const { logicalName } = oneToMany.column;
    return {
      table: model.require(oneToMany.table),
      navigation: { kind: 'oneToMany', oneToMany },
      of: (parentId) => byId([...database.rows(oneToMany.table).referring(logicalName, parentId)]),
    };
  }
  const manyToMany = table.manyToMany.get(name);
  if (manyToMany === undefined) return undefined;
  return {
    table: model.require(manyToMany.table),
    navigation: { kind: 'manyToMany', manyToMany },
    of(parentId) {
      const rows = database.rows(manyToMany.table);
      const pairs = [...database.rows(manyToMany.intersectTable).referring(manyToMany.ownColumn, parentId)];
      return byId(pairs.map((pair) => rows.get(idIn(pair.values[manyToMany.otherColumn]))).filter((row) => row !== undefined));
    },
  };
}

/** An intersect table holds plain GUIDs. */
const idIn = (value: StoredValue | undefined): string => (typeof value === 'string' ? value : '');

const byId = (rows: readonly Row[]): readonly Row[] => [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));
