/** The environment variable of our solution that says where the API is. */
export const apiUrlVariable = 'ccsync_ApiUrl';

type WebApi = Pick<ComponentFramework.WebApi, 'retrieveMultipleRecords'>;

const textOf = (holder: unknown, name: string): string | undefined => {
  const value: unknown = typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : undefined;
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
};

const currentValue = (definition: unknown): unknown => {
  const values: unknown =
    typeof definition === 'object' && definition !== null
      ? Reflect.get(definition, 'environmentvariabledefinition_environmentvariablevalue')
      : undefined;
  return Array.isArray(values) ? values[0] : undefined;
};

const read = async (webApi: WebApi, schemaName: string): Promise<string> => {
  const { entities } = await webApi.retrieveMultipleRecords(
    'environmentvariabledefinition',
    `?$select=defaultvalue&$filter=schemaname eq '${schemaName}'&$expand=environmentvariabledefinition_environmentvariablevalue($select=value)`,
  );
  const [definition] = entities;
  return textOf(currentValue(definition), 'value') ?? textOf(definition, 'defaultvalue') ?? '';
};

const asked = new Map<string, Promise<string>>();

/**
 * An environment variable's value, else its default, else an empty text. Asked once per page, whatever number of controls it shows;
 * a question that failed is asked anew the next time. Needs the right to read both tables of environment variables.
 */
export const readEnvironmentVariable = (webApi: WebApi, schemaName: string): Promise<string> => {
  const known = asked.get(schemaName);
  if (known) return known;
  const answer = read(webApi, schemaName);
  asked.set(schemaName, answer);
  answer.catch(() => asked.delete(schemaName));
  return answer;
};
