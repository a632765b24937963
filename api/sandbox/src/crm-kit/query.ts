/** Addresses' parameters, read without guessing: `page[size]` is a name like any other. */

/** For Fastify: one value is a text, several are a list. */
export const parseQuery = (text: string): Record<string, string | string[]> => {
  const parameters = new URLSearchParams(text);
  const grouped: Record<string, string | string[]> = {};
  for (const name of new Set(parameters.keys())) {
    const [first = '', ...others] = parameters.getAll(name);
    grouped[name] = others.length === 0 ? first : [first, ...others];
  }
  return grouped;
};

const valuesIn = (query: unknown, name: string): readonly string[] => {
  const value: unknown = typeof query === 'object' && query !== null ? Reflect.get(query, name) : undefined;
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
};

/** Every value of a parameter, whether it was given several times or with commas. */
export const listIn = (query: unknown, name: string): readonly string[] =>
  valuesIn(query, name)
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '');

/** The first value of a parameter. */
export const textIn = (query: unknown, name: string): string | undefined => valuesIn(query, name)[0];
