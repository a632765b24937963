import { filled, type FlatField } from './flat-fields.ts';
import { timeFormatOf } from './time-format.ts';

const parentIdNames = /^(company|account|organi[sz]ation|org|customer|employer|parent)(id|uuid|guid|key)?$/;
const parentNumberNames = /^(company|account|organi[sz]ation|customer)(no|number|code|nr)$/;

export interface ParentProposal {
  readonly path: string;
  /** The contact names its account not by its id but by this field of it. */
  readonly key: string | null;
}

const textsOf = (field: FlatField): readonly string[] => filled(field).map(String);
/** What share of the values a field holds too. Only a page of either is seen, so some of them are always elsewhere. */
const shareWithin = (values: readonly string[], field: FlatField): number => {
  const known = new Set(textsOf(field));
  return values.length === 0 ? 0 : values.filter((value) => known.has(value)).length / values.length;
};
const leastShare = 0.2;

/**
 * Where a contact names its account. With accounts to compare with, by what the fields hold: `company_no` holds numbers of accounts, not
 * their ids. `accountIdPath` null: no accounts were seen.
 */
export const proposeParent = (
  contactFields: readonly FlatField[],
  accountFields: readonly FlatField[],
  accountIdPath: string | null,
): ParentProposal | null => {
  const isPlain = (field: FlatField): boolean => filled(field).every((value) => typeof value === 'string' || typeof value === 'number');
  const candidates = contactFields.filter((field) => {
    const [above, last] = [field.names.at(-2) ?? '', field.plain];
    const isInside = last === 'id' && parentIdNames.test(above.toLowerCase());
    return isPlain(field) && (isInside || parentIdNames.test(last) || parentNumberNames.test(last));
  });
  const keys = accountFields.filter((field) => field.names.length === 1 && new Set(textsOf(field)).size === field.values.length);
  const pairs = candidates
    .flatMap((field) => keys.map((key) => ({ field, key, share: shareWithin(textsOf(field), key) })))
    .filter(({ share }) => share >= leastShare)
    // The id wins where both fit: it needs no lookup.
    .toSorted((one, other) => other.share - one.share || Number(other.key.path === accountIdPath) - Number(one.key.path === accountIdPath));
  const [best] = pairs;
  if (best !== undefined) return { path: best.field.path, key: best.key.path === accountIdPath ? null : best.key.path };
  const named = candidates.find(({ plain }) => !parentNumberNames.test(plain)) ?? candidates[0];
  if (named === undefined) return null;
  return {
    path: named.path,
    key: parentNumberNames.test(named.plain)
      ? (named.names.at(-1) ?? '').replace(/^(company|account|organi[sz]ation|customer)[_-]?/i, '')
      : null,
  };
};

const deletedNames = /^(isdeleted|deleted|isarchived|archived|deletedat|deletedon|archivedat|sysdeleted)$/;

/** How a record says that it was deleted, as a condition; null when it does not. */
export const proposeDeleted = (fields: readonly FlatField[]): string | null => {
  const field = fields.find(({ plain, names }) => deletedNames.test(plain) && names.length === 1);
  if (field === undefined) return null;
  const values = filled(field);
  if (values.length > 0 && values.every((value) => typeof value === 'boolean')) return `${field.path} == true`;
  return values.length === 0 || timeFormatOf(values) !== null ? `${field.path} != null` : null;
};
