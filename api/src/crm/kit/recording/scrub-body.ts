import { isList, isObject } from '../../expression/json.ts';
import type { JsonObject, JsonValue } from '../../types.ts';
import type { Faker } from './fake-values.ts';
import type { AddressScrubber } from './scrub-address.ts';
import type { StructuralPaths } from './structural-paths.ts';
import type { Tokens } from './tokens.ts';

export interface ScrubTools {
  readonly faker: Faker;
  readonly tokens: Tokens;
  readonly paths: StructuralPaths;
  readonly addresses: AddressScrubber;
}

const looksLikeMail = (text: string): boolean => /[^\s@]@[^\s@]+\.[^\s@]/.test(text) && !/@odata\./i.test(text);
const isAddress = (text: string): boolean => /^(https?:\/\/|\/|\?)/.test(text);
const isPlain = (text: string): boolean => /^[\d.:TZ+-]*$/.test(text);

/** An id may be a mail address or a name in some CRMs: then it goes round as something else. */
const keptText = (text: string, { tokens }: ScrubTools): string => {
  const known = tokens.replaceIn(text);
  if (known !== text) return known;
  return looksLikeMail(text) || /\s/.test(text.trim()) ? tokens.add(text) : text;
};

const wayOn = (text: string, { tokens, addresses }: ScrubTools): string => {
  if (isAddress(text)) return addresses.pageAddress(text);
  return isPlain(text) ? text : tokens.add(text);
};

const scrubText = (text: string, names: readonly string[], tools: ScrubTools): string => {
  const { paths, faker, tokens } = tools;
  if (text.trim() === '' || paths.isLiteral(text)) return text;
  // A time is a time also where it has a zone and spaces: the kept ones are ids, times and counts.
  if (paths.isBusinessKey(names) && !/\d/.test(text)) return tokens.add(text);
  if (paths.isKept(names))
    return /^\d{4}-\d{2}-\d{2}[T ]/.test(text) || /^\d{1,2}\.\d{1,2}\.\d{4}/.test(text) ? text : keptText(text, tools);
  if (paths.isWayOn(names)) return wayOn(text, tools);
  const known = tokens.replaceIn(text);
  if (known !== text && known.length === 0) return known;
  return paths.needleIn(text) ?? faker.text(text);
};

const scrubName = (name: string, { tokens }: ScrubTools): string => (looksLikeMail(name) ? tokens.add(name) : tokens.replaceIn(name));

/** Everything that the manifest does not name is taken for customer data, and becomes something of the same shape. */
export const scrubValue = (value: JsonValue, tools: ScrubTools, names: readonly string[] = []): JsonValue => {
  if (typeof value === 'string') return scrubText(value, names, tools);
  if (typeof value === 'number') return tools.paths.isKept(names) || tools.paths.isWayOn(names) ? value : tools.faker.number(value);
  if (isList(value)) return value.map((element) => scrubValue(element, tools, names));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [scrubName(name, tools), scrubValue(member ?? null, tools, [...names, name])]),
  ) satisfies JsonObject;
};
