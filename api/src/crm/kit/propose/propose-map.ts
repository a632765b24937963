import { isList, isObject } from '../../expression/json.ts';
import type { MappingBody } from '../../manifest/schema/table.ts';
import type { JsonObject, JsonValue, TableName } from '../../types.ts';
import { pathOf } from './answer.ts';
import { filled, type FlatField, plainName } from './flat-fields.ts';
import { timeFormatOf } from './time-format.ts';
import { mailNames, mobileNames, nameFields, phoneNames, type UsualField, usualFields, wholeNames } from './usual-fields.ts';

type Taken = Set<FlatField>;

const fits = (values: readonly JsonValue[], takes: UsualField['takes']): boolean => {
  // Empty everywhere: its name is all that there is.
  if (values.length === 0) return true;
  switch (takes) {
    case 'text':
      return values.every((value) => typeof value === 'string' || typeof value === 'number');
    case 'number':
      return values.every((value) => typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)));
    case 'day':
      return timeFormatOf(values)?.format === 'iso';
    case 'list':
      return values.every(isList);
  }
};

/** The first of the names that a field has and that nothing else took; one at the top counts before one inside of something. */
const take = (fields: readonly FlatField[], taken: Taken, names: readonly string[], takes: UsualField['takes']): FlatField | undefined => {
  for (const name of names) {
    const [best] = fields
      .filter((field) => field.plain === name && !taken.has(field) && fits(filled(field), takes))
      .toSorted((one, other) => one.names.length - other.names.length);
    if (best === undefined) continue;
    taken.add(best);
    return best;
  }
  return undefined;
};

const valueNames = ['value', 'email', 'address', 'mail', 'emailaddress', 'number', 'phone', 'phonenumber', 'telephone'];
const flagNames = ['primary', 'isprimary', 'main', 'ismain', 'default', 'isdefault', 'preferred'];
const kindNames = ['type', 'label', 'kind', 'category'];

const elementsOf = (field: FlatField): readonly JsonObject[] =>
  filled(field).flatMap((value) => (isList(value) ? value.filter(isObject) : []));
const memberOf = (elements: readonly JsonObject[], names: readonly string[]): string | undefined => {
  const members = new Set(elements.flatMap((element) => Object.keys(element)));
  return names.flatMap((name) => [...members].filter((member) => plainName(member) === name))[0];
};

/** From a list of texts, or of objects with the value, perhaps a flag for the main one, and perhaps a kind. */
const fromList = (field: FlatField, kind: RegExp | null): Pick<MappingBody, 'from' | 'first'> | null => {
  const elements = elementsOf(field);
  const { path } = field;
  if (elements.length === 0) return kind === null ? { from: `${path}[0]` } : null;
  const value = memberOf(elements, valueNames);
  if (value === undefined) return null;
  const end = pathOf([value]).startsWith('[') ? pathOf([value]) : `.${pathOf([value])}`;
  const kindName = memberOf(elements, kindNames);
  if (kind !== null) {
    const found =
      kindName === undefined
        ? undefined
        : elements.map((element) => element[kindName]).find((one) => typeof one === 'string' && kind.test(one));
    return typeof found !== 'string' || kindName === undefined
      ? null
      : { from: `${path}[?${pathOf([kindName])} == ${JSON.stringify(found)}]${end}` };
  }
  const flag = memberOf(elements, flagNames);
  return flag === undefined ? { from: `${path}[0]${end}` } : { first: [`${path}[?${pathOf([flag])} == true]${end}`, `${path}[0]${end}`] };
};

const rule = (
  to: string,
  origin: Pick<MappingBody, 'from' | 'first'>,
  { via, tooLong }: Pick<UsualField, 'via' | 'tooLong'> = {},
): MappingBody => ({
  to,
  ...origin,
  ...(via === undefined ? {} : { via: [...via] }),
  ...(tooLong === undefined ? {} : { tooLong }),
});

/** Mails and phones: a field of its own, or an element of a list. */
const proposeReach = (fields: readonly FlatField[], taken: Taken): readonly MappingBody[] => {
  const rules: MappingBody[] = [];
  const add = (to: string, names: readonly string[], options: Pick<UsualField, 'via'> = {}): FlatField | undefined => {
    const plain = take(fields, taken, names, 'text');
    const list = plain === undefined || filled(plain).length === 0 ? take(fields, taken, names, 'list') : undefined;
    const origin = list === undefined ? null : fromList(list, null);
    if (origin !== null) rules.push(rule(to, origin, options));
    else if (plain !== undefined) rules.push(rule(to, { from: plain.path }, options));
    return list;
  };
  add('emailaddress1', mailNames, { via: ['trim', 'lower'] });
  const mobile = take(fields, taken, mobileNames, 'text');
  const phones = add('telephone1', phoneNames);
  const mobileOfList = mobile === undefined && phones !== undefined ? fromList(phones, /mobile|cell/i) : null;
  if (mobile !== undefined) rules.push(rule('mobilephone', { from: mobile.path }));
  else if (mobileOfList !== null) rules.push(rule('mobilephone', mobileOfList));
  return rules;
};

const proposeNames = (fields: readonly FlatField[], taken: Taken): readonly MappingBody[] => {
  const parts = nameFields.map(({ to, names }) => ({ to, field: take(fields, taken, names, 'text') }));
  const found = parts.flatMap(({ to, field }) => (field === undefined ? [] : [rule(to, { from: field.path })]));
  if (found.length > 0) return found;
  const whole = take(fields, taken, wholeNames, 'text');
  if (whole === undefined) return [];
  return [rule('firstname', { from: whole.path }, { via: ['firstName'] }), rule('lastname', { from: whole.path }, { via: ['lastName'] })];
};

/** A mapping by what fields are called, and by what they hold where the name does not say it. */
export const proposeMap = (table: TableName, fields: readonly FlatField[]): readonly MappingBody[] => {
  const taken: Taken = new Set();
  const names = table === 'contact' ? proposeNames(fields, taken) : [];
  const [first, ...others] = usualFields[table];
  const usual = (list: readonly UsualField[]): readonly MappingBody[] =>
    list.flatMap((one) => {
      const field = take(fields, taken, one.names, one.takes);
      return field === undefined ? [] : [rule(one.to, { from: field.path }, one)];
    });
  // What a company is called comes first; then reach, so that `address` of a mail is not taken for a street.
  const head = table === 'account' && first !== undefined ? usual([first]) : [];
  const reach = proposeReach(fields, taken);
  return [...names, ...head, ...reach, ...usual(table === 'account' ? others : usualFields.contact)];
};
