export type FieldValue = string | number | boolean | null;

export type FieldType =
  | 'id'
  | 'string'
  | 'reference'
  | 'boolean'
  | 'datetime'
  | 'date'
  | 'int'
  | 'currency'
  | 'email'
  | 'phone'
  | 'url'
  | 'textarea'
  | 'picklist'
  | 'address';

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  /** Characters; 0 where it means nothing. */
  readonly length: number;
  readonly isNillable: boolean;
  /** May a client set it? */
  readonly isWritable: boolean;
  readonly referenceTo?: string;
  /** In queries, e.g. `Account` in `Account.Name`. */
  readonly relationshipName?: string;
  /** Of an address: what its parts' names begin with, e.g. `Billing`. */
  readonly partsPrefix?: string;
}

type Rest = Partial<Omit<Field, 'name' | 'type'>>;

const labelOf = (name: string): string => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').replace(/ Id$/, ' ID');

export const field = (name: string, type: FieldType, length: number, rest: Rest = {}): Field => ({
  name,
  label: labelOf(name),
  type,
  length,
  isNillable: true,
  isWritable: true,
  ...rest,
});

export const text = (name: string, length: number, rest: Rest = {}): Field => field(name, 'string', length, rest);

export const reference = (name: string, referenceTo: string, relationshipName: string, rest: Rest = {}): Field =>
  field(name, 'reference', 18, { referenceTo, relationshipName, ...rest });

/**
 * A compound field and its parts.
 * https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/compound_fields_address.htm
 */
export const address = (prefix: string): readonly Field[] => [
  field(`${prefix}Street`, 'textarea', 255),
  text(`${prefix}City`, 40),
  text(`${prefix}State`, 80),
  text(`${prefix}PostalCode`, 20),
  text(`${prefix}Country`, 80),
  field(`${prefix}Address`, 'address', 0, { isWritable: false, partsPrefix: prefix }),
];

const readOnly = { isWritable: false, isNillable: false } as const;

/** What every record has, whatever it is. */
export const systemFields = (object: string): readonly Field[] => [
  field('Id', 'id', 18, readOnly),
  field('IsDeleted', 'boolean', 0, readOnly),
  ...(object === 'Account' || object === 'Contact' ? [reference('MasterRecordId', object, 'MasterRecord', { isWritable: false })] : []),
  field('CreatedDate', 'datetime', 0, readOnly),
  field('LastModifiedDate', 'datetime', 0, readOnly),
  field('SystemModstamp', 'datetime', 0, readOnly),
];
