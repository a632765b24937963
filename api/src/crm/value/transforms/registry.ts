import { join, splitLines } from './lists.ts';
import { choice, countryName } from './lookups.ts';
import { int, number } from './numbers.ts';
import { firstName, lastName } from './person-name.ts';
import { digits, lower, stripHtml, trim, upper } from './plain-text.ts';
import type { Transform, TransformFunction } from './transform.ts';
import { ensureScheme } from './web-address.ts';

/** The closed list: a mapping can use these and nothing else. */
export const transforms: ReadonlyMap<string, Transform> = new Map(
  Object.entries({
    choice,
    countryName,
    digits,
    ensureScheme,
    firstName,
    int,
    join,
    lastName,
    lower,
    number,
    splitLines,
    stripHtml,
    trim,
    upper,
  }),
);

export interface CompiledTransform {
  readonly noun: string;
  readonly apply: TransformFunction;
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
  if (transform === undefined) throw new RangeError(`there is no transform “${name}”; there are ${[...transforms.keys()].join(', ')}`);
  try {
    return { noun: transform.noun, apply: transform.compile(argument) };
  } catch (error) {
    throw new RangeError(`the transform “${name}” cannot be used like this: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
};
