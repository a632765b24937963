import type { Company, Keepable, Person } from '../../crm-data/types.ts';
import { type LoadOptions, loadRecords } from '../../crm-data/load-records.ts';
import { idAt } from './ids.ts';
import { orgId, userId, username } from './identity.ts';
import type { Org, Values } from './org.ts';
import { type SObject, wholeSecond } from './sobject.ts';

/** Salesforce trims what is typed, and holds no empty text: `""` becomes null. */
const kept = (text: string | null | undefined): string | null => {
  const trimmed = (text ?? '').trim();
  return trimmed === '' ? null : trimmed;
};

const stampsOf = ({ created_at, updated_at }: Keepable) => {
  const changed = wholeSecond(new Date(updated_at ?? created_at));
  return { IsDeleted: false, CreatedDate: wholeSecond(new Date(created_at)), LastModifiedDate: changed, SystemModstamp: changed };
};

const addressOf = (prefix: string, record: Company | Person): Values => ({
  [`${prefix}Street`]: kept(record.street),
  [`${prefix}City`]: kept(record.city),
  [`${prefix}State`]: kept(record.region),
  [`${prefix}PostalCode`]: kept(record.postal_code),
  [`${prefix}Country`]: kept(record.country),
});

/** `Last, First` as it says; else the last word is the last name, and a single word is one too. */
export const splitName = (fullName: string): { readonly FirstName: string | null; readonly LastName: string } => {
  const [beforeComma = '', afterComma] = fullName.trim().split(/\s*,\s*/, 2);
  if (afterComma) return { FirstName: afterComma, LastName: beforeComma };
  const words = beforeComma.split(/ +/);
  return { FirstName: kept(words.slice(0, -1).join(' ')), LastName: words.at(-1) ?? '' };
};

const accountOf = (company: Company, Id: string): SObject => ({
  Id,
  ...stampsOf(company),
  Name: company.name.trim(),
  ...addressOf('Billing', company),
  Phone: kept(company.phone),
  Fax: kept(company.fax),
  AccountNumber: company.id,
  Website: kept(company.website),
  NumberOfEmployees: company.employees ?? null,
  AnnualRevenue: company.annual_revenue ?? null,
  OwnerId: userId,
});

const contactOf = (person: Person, Id: string, accountId: string | null): SObject => {
  const { FirstName, LastName } = splitName(person.full_name);
  return {
    Id,
    ...stampsOf(person),
    AccountId: accountId,
    FirstName,
    LastName,
    Name: [FirstName, LastName].filter((part) => part !== null).join(' '),
    ...addressOf('Mailing', person),
    Phone: kept(person.phone),
    MobilePhone: kept(person.mobile),
    Email: kept(person.email),
    Title: kept(person.title),
    Birthdate: kept(person.birthday),
    HasOptedOutOfEmail: person.email_opt_out ?? false,
    OwnerId: userId,
  };
};

const foundedAt = {
  CreatedDate: '2025-01-01T00:00:00.000Z',
  LastModifiedDate: '2025-01-01T00:00:00.000Z',
  SystemModstamp: '2025-01-01T00:00:00.000Z',
};

/** Fills the organisation. A contact whose company does not exist has no account: Salesforce would not take such a reference. */
export const loadOrg = (org: Org, options: LoadOptions): void => {
  const { companies, people } = loadRecords(options);
  const accountIds = new Map(companies.map((company, at) => [company.id, idAt('001', at + 1)]));
  org.load(
    'Account',
    companies.map((company, at) => accountOf(company, idAt('001', at + 1))),
  );
  org.load(
    'Contact',
    people.map((person, at) => contactOf(person, idAt('003', at + 1), accountIds.get(person.company_id ?? '') ?? null)),
  );
  const system = { IsDeleted: false, ...foundedAt };
  org.load('User', [{ Id: userId, ...system, Username: username, Name: 'Integration User', Email: username, IsActive: true }]);
  org.load('Organization', [
    { Id: orgId, ...system, Name: 'Northwind Traders', InstanceName: 'SBX01', IsSandbox: true, OrganizationType: 'Developer Edition' },
  ]);
};
