import { ManifestSchema, manifestVersion } from './schema/manifest.ts';

type Json = Readonly<Record<string, unknown>>;

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Puts every schema that has a name into `definitions`, and a reference where it stood: a tenth of the size. */
const share = (value: unknown, definitions: Map<string, unknown>): unknown => {
  if (Array.isArray(value)) return value.map((element) => share(element, definitions));
  if (!isJson(value)) return value;
  // An example is a value, and may well have a title of its own.
  const shared = Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, name === 'examples' ? member : share(member, definitions)]),
  );
  if (typeof value.title !== 'string') return shared;
  definitions.set(value.title, shared);
  return { $ref: `#/definitions/${value.title}` };
};

/**
 * The JSON Schema that editors use for completion and errors; committed as api/connectors/manifest.schema.json.
 * A check compares the two, so that the file never drifts from the code.
 */
export const manifestJsonSchema = (): Record<string, unknown> => {
  const definitions = new Map<string, unknown>();
  const schema = share(ManifestSchema, definitions);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: `CRM Sync connector manifest, ${manifestVersion}`,
    ...(isJson(schema) ? schema : {}),
    definitions: Object.fromEntries(definitions),
  };
};
