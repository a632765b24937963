export interface Field<Name extends string = string> {
  readonly name: Name;
  readonly label: string;
  readonly isMultiLine?: boolean;
  readonly isRequired?: boolean;
}

/** A browser sends line ends as CR LF, whatever was in the box. */
const unixLines = (text: string): string => text.replaceAll('\r\n', '\n');

/**
 * What the person changed. A field that was left as it was keeps its value, be it null, empty or absent; a cleared one becomes empty.
 * undefined: a required field was cleared.
 */
export const changedValues = <Name extends string>(
  fields: readonly Field<Name>[],
  before: Readonly<Partial<Record<Name, string | null>>>,
  form: URLSearchParams,
): Partial<Record<Name, string>> | undefined => {
  const changes: Partial<Record<Name, string>> = {};
  for (const { name, isRequired } of fields) {
    const given = form.get(name);
    if (given === null || unixLines(given) === unixLines(before[name] ?? '')) continue;
    if (given.trim() === '' && isRequired) return undefined;
    changes[name] = unixLines(given);
  }
  return changes;
};
