import type { LoadedRecords } from '../crm-data/load-records.ts';
import type { Company, Person } from '../crm-data/types.ts';
import type { CrmObject, PropertyValues } from './types.ts';

export interface PortalData {
  readonly contacts: readonly CrmObject[];
  readonly companies: readonly CrmObject[];
  /** [contact id, company id], the primary company of a contact first. */
  readonly links: readonly (readonly [string, string])[];
}

/** Ids of three to eight digits: in the order of their text they are not in the order of their numbers. */
const contactIdAt = (index: number): string => String(151 + index * 50);
/** From ten digits to eleven, as in portals that grew. */
const companyIdAt = (index: number): string => String(9_999_998_000 + index * 37);

/** Once in so many, a company has nothing but its domain, as those do that HubSpot makes from an e-mail address. */
const namelessPeriod = 31;
/** Once in so many, a contact belongs to a second company, which is not its primary one. */
const secondCompanyPeriod = 7;

/** HubSpot has a first and a last name; whoever typed them split them at a blank or at a comma. */
const splitName = (fullName: string): { readonly firstname: string | null; readonly lastname: string | null } => {
  const [last, first] = fullName.split(/,\s*/, 2);
  if (first !== undefined && last !== undefined) return { firstname: first, lastname: last };
  const parts = /^(.*\S)\s+(\S+)\s*$/s.exec(fullName);
  return parts ? { firstname: parts[1] ?? null, lastname: parts[2] ?? null } : { firstname: null, lastname: fullName };
};

const textOf = (value: string | number | null | undefined): string | null => (value === undefined || value === null ? null : String(value));

/** A field that Northwind does not even send is one that was never set: HubSpot has null for both. */
const addressOf = ({ street, city, region, postal_code, country }: Company | Person): PropertyValues => ({
  address: textOf(street),
  city: textOf(city),
  state: textOf(region),
  zip: textOf(postal_code),
  country: textOf(country),
});

const domainOf = (website: string | null | undefined, index: number): string | null => {
  if (!website) return index % namelessPeriod === 0 ? `nameless-${index}.example` : null;
  return website
    .toLowerCase()
    .replace(/^(https?:\/\/)?(www\.)?/, '')
    .replace(/[/?#].*$/s, '');
};

const stampsOf = ({ created_at, updated_at }: Company | Person) => ({
  createdAt: created_at,
  // Never null: HubSpot counts the creation as a modification.
  updatedAt: updated_at ?? created_at,
  archivedAt: null,
  mergedIds: [],
});

const companyObject = (company: Company, index: number): CrmObject => ({
  id: companyIdAt(index),
  values: {
    name: index % namelessPeriod === namelessPeriod - 1 ? null : company.name,
    domain: domainOf(company.website, index + 1),
    website: textOf(company.website),
    phone: textOf(company.phone),
    ...addressOf(company),
    numberofemployees: textOf(company.employees),
  },
  ...stampsOf(company),
});

/** E-mail addresses are kept in small letters, and no two contacts have the same. */
const uniqueEmails = () => {
  const taken = new Set<string>();
  return (email: string | null | undefined): string | null => {
    const wanted = email?.toLowerCase() ?? null;
    if (wanted === null || wanted === '') return wanted;
    if (taken.has(wanted)) return null;
    taken.add(wanted);
    return wanted;
  };
};

/** Northwind's customers as a HubSpot portal. A company that does not exist cannot be associated, so such a contact has none. */
export const buildPortalData = ({ companies, people }: LoadedRecords): PortalData => {
  const idOfCompany = new Map(companies.map(({ id }, index) => [id, companyIdAt(index)]));
  const nameOfCompany = new Map(companies.map(({ id, name }) => [id, name]));
  const emailOnce = uniqueEmails();
  const links: (readonly [string, string])[] = [];
  const contacts = people.map((person, index): CrmObject => {
    const id = contactIdAt(index);
    const companyId = idOfCompany.get(person.company_id ?? '');
    if (companyId !== undefined) links.push([id, companyId]);
    const second = companyIdAt((index * 13) % companies.length);
    if (companyId !== undefined && index % secondCompanyPeriod === 0 && second !== companyId) links.push([id, second]);
    return {
      id,
      values: {
        ...splitName(person.full_name),
        email: emailOnce(person.email),
        jobtitle: textOf(person.title),
        phone: textOf(person.phone),
        mobilephone: textOf(person.mobile),
        ...addressOf(person),
        company: nameOfCompany.get(person.company_id ?? '') ?? null,
      },
      ...stampsOf(person),
    };
  });
  return { contacts, companies: companies.map(companyObject), links };
};
