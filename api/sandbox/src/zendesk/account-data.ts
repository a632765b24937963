import type { LoadedRecords } from '../crm-data/load-records.ts';
import type { Company, Person } from '../crm-data/types.ts';
import { zendeskSandbox } from './identity.ts';
import { type CustomFields, type Kept, type Organization, type User, secondOf } from './types.ts';

export interface AccountData {
  readonly users: readonly User[];
  readonly organizations: readonly Organization[];
  /** [user id, organization id] beside the default ones. */
  readonly furtherMemberships: readonly (readonly [string, string])[];
}

const userIdAt = (index: number): string => String(29_185_479_000_000 + index * 373);
const organizationIdAt = (index: number): string => String(360_001_000_000 + index * 7);

/** The API says "integer" and no bound: the few records that have huge ids elsewhere have them here too. */
const isHuge = (id: string): boolean => id.length >= 16;

/** Once in so many end users: suspended, deleted, member of a second organization. */
const periods = { suspended: 97, deleted: 89, secondOrganization: 7 } as const;

const stampsOf = ({ created_at, updated_at }: Company | Person): Pick<Kept, 'createdAt' | 'updatedAt'> => ({
  createdAt: secondOf(new Date(created_at)),
  updatedAt: secondOf(new Date(updated_at ?? created_at)),
});

const addressOf = ({ street, city, region, postal_code, country }: Company | Person): CustomFields => ({
  street: street ?? null,
  city: city ?? null,
  region: region ?? null,
  postal_code: postal_code ?? null,
  country: country ?? null,
});

/** Makes each text different from those before: Zendesk allows a name of an organization, or an e-mail address, once. */
const onceEach = (again: (text: string, times: number) => string) => {
  const counts = new Map<string, number>();
  return (text: string): string => {
    const key = text.toLowerCase();
    const times = (counts.get(key) ?? 0) + 1;
    counts.set(key, times);
    return times === 1 ? text : again(text, times);
  };
};

const buildOrganizations = (companies: readonly Company[]): readonly Organization[] => {
  const nameOnce = onceEach((name, times) => `${name} (${times})`);
  return companies.map((company, index) => ({
    id: organizationIdAt(index),
    name: nameOnce(company.name),
    domainNames: /^https:\/\/www\.([a-z0-9.-]+)\/$/.exec(company.website ?? '')?.slice(1) ?? [],
    details: '',
    notes: '',
    // Ids that differ by case alone stay two: external_id is text, and compared as such.
    externalId: company.id,
    tags: [],
    fields: {
      phone: company.phone ?? null,
      fax: company.fax ?? null,
      website: company.website ?? null,
      employees: company.employees ?? null,
      ...addressOf(company),
    },
    ...stampsOf(company),
  }));
};

const staff = (index: number, role: 'agent' | 'admin', name: string, email: string): User => ({
  id: userIdAt(index),
  name,
  email,
  otherEmails: [],
  phone: null,
  role,
  active: true,
  suspended: false,
  organizationId: null,
  externalId: null,
  details: '',
  notes: '',
  tags: [],
  fields: {},
  createdAt: '2024-12-01T09:00:00Z',
  updatedAt: '2024-12-01T09:00:00Z',
});

/** Northwind's customers as end users and organizations, between people who work for the account. */
export const buildAccountData = ({ companies, people }: LoadedRecords): AccountData => {
  const organizations = buildOrganizations(companies);
  const idByCompany = new Map(companies.map(({ id }, index) => [id, organizationIdAt(index)]));
  const emailOnce = onceEach((email, times) => email.replace('@', `.${times}@`));
  const furtherMemberships: (readonly [string, string])[] = [];
  const team = [
    staff(0, 'admin', 'Ada Admin', zendeskSandbox.adminEmail),
    staff(1, 'agent', 'Alex Agent', 'alex@zendesk-sandbox.example'),
    staff(2, 'agent', 'Robin Agent', 'robin@zendesk-sandbox.example'),
  ];
  const endUsers = people.map((person, index): User => {
    const id = isHuge(person.id) ? person.id : userIdAt(team.length + index);
    const organizationId = idByCompany.get(person.company_id ?? '') ?? null;
    const second = organizationIdAt((index * 13) % organizations.length);
    if (organizationId !== null && index % periods.secondOrganization === 0 && second !== organizationId)
      furtherMemberships.push([id, second]);
    return {
      id,
      name: person.full_name,
      email: person.email ? emailOnce(person.email).toLowerCase() : null,
      otherEmails: [],
      phone: person.phone ?? null,
      role: 'end-user',
      active: (index + 1) % periods.deleted !== 0,
      suspended: (index + 1) % periods.suspended === 0,
      organizationId,
      externalId: person.id,
      details: '',
      notes: '',
      tags: [],
      fields: { job_title: person.title ?? null, mobile_phone: person.mobile ?? null, ...addressOf(person) },
      ...stampsOf(person),
    };
  });
  return { users: [...team, ...endUsers], organizations, furtherMemberships };
};
