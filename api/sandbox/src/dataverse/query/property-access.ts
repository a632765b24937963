/** How a query gets at the values of what it is asked about; the same for rows and for metadata. */

export type EdmType =
  | 'Edm.String'
  | 'Edm.Int32'
  | 'Edm.Int64'
  | 'Edm.Decimal'
  | 'Edm.Boolean'
  | 'Edm.DateTimeOffset'
  | 'Edm.Date'
  | 'Edm.Guid';
export type Primitive = string | number | boolean | null;

export interface PropertyAccess<T> {
  readonly edmType: EdmType;
  readonly read: (item: T) => Primitive;
  /** What the item is sorted by, when that is not its value: the name of the row that a lookup points to (order-rows.md). */
  readonly readSortValue?: (item: T) => Primitive;
}

/** Throws 400 when there is no such property. `path` may go through single-valued navigation properties: `a/b/name`. */
export type PropertyResolver<T> = (path: string) => PropertyAccess<T>;
