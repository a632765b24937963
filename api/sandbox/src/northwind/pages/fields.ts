export interface Field<Name extends string = string> {
  readonly name: Name;
  readonly label: string;
  readonly isMultiLine?: boolean;
  readonly isRequired?: boolean;
}

const addressFields = [
  { name: 'street', label: 'Street', isMultiLine: true },
  { name: 'city', label: 'City' },
  { name: 'region', label: 'Region' },
  { name: 'postal_code', label: 'Postal code' },
  { name: 'country', label: 'Country' },
] as const satisfies readonly Field[];

/** What can be changed on a company's page. */
export const companyFields = [
  { name: 'name', label: 'Name', isRequired: true },
  { name: 'phone', label: 'Phone' },
  { name: 'fax', label: 'Fax' },
  { name: 'website', label: 'Website' },
  { name: 'segment', label: 'Segment' },
  ...addressFields,
] as const satisfies readonly Field[];

/** What can be changed on a person's page. */
export const personFields = [
  { name: 'full_name', label: 'Full name', isRequired: true },
  { name: 'title', label: 'Job title' },
  { name: 'email', label: 'E-mail' },
  { name: 'phone', label: 'Phone' },
  { name: 'mobile', label: 'Mobile phone' },
  { name: 'company_id', label: 'Company ID' },
  { name: 'birthday', label: 'Birthday' },
  ...addressFields,
] as const satisfies readonly Field[];

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
