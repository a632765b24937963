import type { JsonValue } from '../../types.ts';
import { filled, type FlatField } from './flat-fields.ts';
import { timeFormatOf } from './time-format.ts';

const idNames = [
  /^id$/,
  /^(uuid|guid|sysid|recordid|objectid|entityid|uid)$/,
  /^(contact|person|people|account|company|organi[sz]ation|customer|user|client)(id|uuid|guid)$/,
  /(key|number|no|code)$/,
];

const isIdLike = (value: JsonValue): boolean =>
  (typeof value === 'string' && value.length <= 200) || (typeof value === 'number' && Number.isSafeInteger(value));

const isUnique = ({ values }: FlatField): boolean => values.every(isIdLike) && new Set(values).size === values.length;

/** The field that tells records apart: by its name, and by being filled in all of them, each time with something else. */
export const proposeId = (fields: readonly FlatField[], recordCount: number): string | null => {
  const able = fields.filter((field) => field.values.length === recordCount && isUnique(field));
  for (const pattern of idNames) {
    const [best] = able.filter(({ plain }) => pattern.test(plain)).toSorted((one, other) => one.names.length - other.names.length);
    if (best !== undefined) return best.path;
  }
  return null;
};

export interface ModifiedProposal {
  /** As `modified` of the manifest. */
  readonly modified:
    | string
    | readonly string[]
    | { readonly path: string | readonly string[]; readonly format?: string; readonly timezone?: string };
  readonly format: string;
  readonly notes: readonly string[];
}

const modifiedNames = /^(systemmodstamp|sysupdatedon|.*(updated|modified|changed|modification|lastchange|lastupdate|lastmodified).*)$/;
const createdNames = /^(syscreatedon|.*(created|creation|added|inserted).*)$/;
/** Who, not when. */
const notTimes = /(by|user|byid|count|version)$/;

const times = (fields: readonly FlatField[], names: RegExp) =>
  fields
    .filter(({ plain }) => names.test(plain) && !notTimes.test(plain))
    .map((field) => ({ field, format: timeFormatOf(filled(field)) }))
    .toSorted((one, other) => one.field.names.length - other.field.names.length);

/** When a record was last changed, and how that is written. */
export const proposeModified = (fields: readonly FlatField[], recordCount: number): ModifiedProposal | null => {
  const created = times(fields, createdNames).find(({ format }) => format !== null);
  // Empty in every record: its name still says what it is, as some CRMs fill it only at the first change.
  const changed =
    times(fields, modifiedNames).find(({ format }) => format !== null) ??
    times(fields, modifiedNames).find(({ field }) => filled(field).length === 0);
  const main = changed ?? created;
  const known = changed?.format ?? created?.format;
  if (main === undefined || known === undefined || known === null) return null;
  const isOftenEmpty = filled(main.field).length < recordCount;
  const canFallBack = main === changed && isOftenEmpty && created !== undefined && created.format?.format === known.format;
  const path = canFallBack ? [main.field.path, created.field.path] : main.field.path;
  const { format, hasZone } = known;
  const notes = [
    ...(canFallBack ? [`${main.field.path} is empty in some records: ${created.field.path} counts there`] : []),
    ...(isOftenEmpty && !canFallBack ? [`${main.field.path} is empty in some records: those are written whenever they are read`] : []),
    ...(main === changed ? [] : [`nothing says when a record was changed, only when it was made: changes are not seen`]),
    ...(hasZone ? [] : ['times have no zone; UTC is assumed, so add `timezone` when the CRM means another']),
  ];
  if (format === 'iso' && hasZone) return { modified: path, format, notes };
  return { modified: { path, ...(format === 'iso' ? {} : { format }), ...(hasZone ? {} : { timezone: 'UTC' }) }, format, notes };
};
