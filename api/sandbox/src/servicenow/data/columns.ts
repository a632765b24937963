export type ColumnType =
  | 'GUID'
  | 'string'
  | 'boolean'
  | 'integer'
  | 'glide_date_time'
  | 'reference'
  | 'email'
  | 'ph_number'
  | 'url'
  | 'currency';

export interface Column {
  readonly element: string;
  readonly label: string;
  readonly type: ColumnType;
  /** Longer text is cut when it is stored, without a word. */
  readonly maxLength: number;
  readonly isMandatory: boolean;
  /** May a client set it? */
  readonly isWritable: boolean;
  /** The table that a reference points to. */
  readonly reference?: string;
}

type Rest = Partial<Omit<Column, 'element' | 'type'>>;

const labelOf = (element: string): string => {
  const words = element.replace(/^sys_/, '').replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const lengths: Readonly<Record<ColumnType, number>> = {
  GUID: 32,
  string: 40,
  boolean: 40,
  integer: 40,
  glide_date_time: 40,
  reference: 32,
  email: 100,
  ph_number: 40,
  url: 1_024,
  currency: 20,
};

export const column = (element: string, type: ColumnType = 'string', rest: Rest = {}): Column => ({
  element,
  label: labelOf(element),
  type,
  maxLength: lengths[type],
  isMandatory: false,
  isWritable: true,
  ...rest,
});

export const text = (element: string, maxLength: number, rest: Rest = {}): Column => column(element, 'string', { maxLength, ...rest });
export const reference = (element: string, table: string): Column => column(element, 'reference', { reference: table });

const kept = { isWritable: false } as const;

/** What every row has. */
export const systemColumns: readonly Column[] = [
  column('sys_id', 'GUID', kept),
  column('sys_created_on', 'glide_date_time', kept),
  text('sys_created_by', 40, kept),
  column('sys_updated_on', 'glide_date_time', kept),
  text('sys_updated_by', 40, kept),
  column('sys_mod_count', 'integer', kept),
];
