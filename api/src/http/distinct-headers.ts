/**
 * Headers by their lower-case names, as they came. Node joins a header that comes twice, or keeps the first: neither shows that it
 * came twice, which a verifier must know.
 */
export const distinctHeaders = (rawHeaders: readonly string[]): Readonly<Record<string, string | readonly string[]>> => {
  const found = new Map<string, readonly string[]>();
  for (let position = 0; position + 1 < rawHeaders.length; position += 2) {
    const name = (rawHeaders[position] ?? '').toLowerCase();
    found.set(name, [...(found.get(name) ?? []), rawHeaders[position + 1] ?? '']);
  }
  return Object.fromEntries([...found].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]));
};
