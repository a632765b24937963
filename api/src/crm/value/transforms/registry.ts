import { didYouMean } from '../../../yaml/did-you-mean.ts';
import { isEmpty } from '../../expression/json.ts';
import { join, splitLines } from './lists.ts';
import { boolean, choice, countryCode, countryName } from './lookups.ts';
import { int, number } from './numbers.ts';
import { phone } from './phone.ts';
import { firstName, lastName } from './person-name.ts';
import { digits, lower, stripHtml, trim, upper } from './plain-text.ts';
import { date, element, replace, split, truncate } from './text-parts.ts';
import { isPrimitive, type Transform, type TransformFunction } from './transform.ts';
import { ensureScheme } from './web-address.ts';

/** Column rules give empty values to no transform but this one. */
const otherwise: Transform = {
  description: 'A value in place of none: {default: unknown}.',
  noun: 'value',
  takesEmpty: true,
  compile: (argument) => {
    if (!isPrimitive(argument) || argument === null) throw new RangeError('it takes the value, for example {default: unknown}');
    return (value) => (isEmpty(value) ? argument : value);
  },
};

/** The closed list: a mapping can use these and nothing else. */
export const transforms: ReadonlyMap<string, Transform> = new Map(
  Object.entries({
    boolean,
    choice,
    countryCode,
    countryName,
    date,
    default: otherwise,
    digits,
    element,
    ensureScheme,
    firstName,
    int,
    join,
    lastName,
    lower,
    number,
    phone,
    replace,
    split,
    splitLines,
    stripHtml,
    truncate,
    trim,
    upper,
  }),
);

export interface CompiledTransform {
  readonly noun: string;
  readonly apply: TransformFunction;
  readonly takesEmpty: boolean;
}

const nameAndArgument = (written: unknown): readonly [string, unknown] => {
  if (typeof written === 'string') return [written, undefined];
  const [entry] = typeof written === 'object' && written !== null ? Object.entries(written) : [];
  if (entry === undefined) throw new RangeError('the name of a transform is expected');
  return entry;
};

/** From `lower` or `{join: ", "}`. Throws `RangeError` for a name that is not in the list. */
export const compileTransform = (written: unknown): CompiledTransform => {
  const [name, argument] = nameAndArgument(written);
  const transform = transforms.get(name);
  if (transform === undefined)
    throw new RangeError(
      `there is no transform “${name}”${didYouMean(name, [...transforms.keys()])}; there are ${[...transforms.keys()].join(', ')}`,
    );
  try {
    return { noun: transform.noun, apply: transform.compile(argument), takesEmpty: transform.takesEmpty === true };
  } catch (error) {
    throw new RangeError(`the transform “${name}” cannot be used like this: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
};
