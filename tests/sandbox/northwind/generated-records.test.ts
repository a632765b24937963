import fc from 'fast-check';
import { generateRecords } from '../../../api/sandbox/src/crm-data/generate/records.ts';
import { locales } from '../../../api/sandbox/src/crm-data/generate/locales.ts';
import { hugePersonIds, missingCompanyId } from '../../../api/sandbox/src/crm-data/generate/traps.ts';
import type { Company, Person } from '../../../api/sandbox/src/crm-data/types.ts';
import { openNorthwind } from './northwind.ts';

const generate = (accounts: number, contacts: number, seed = 1) =>
  generateRecords({ accounts, contacts, seed, otherCompanyIds: ['ALFKI'] });

/** The lengths of Dataverse's columns that these fields end up in. */
const limits: Readonly<Record<string, number>> = {
  name: 160,
  title: 100,
  email: 100,
  phone: 50,
  mobile: 50,
  fax: 50,
  website: 200,
  city: 80,
  region: 50,
  postal_code: 20,
  country: 80,
};
const longestNamePart = 50;
const longestLine = 250;

const plainEmail = /^[A-Za-z0-9.+-]+@[A-Za-z0-9.-]+\.[A-Za-z]+$/;

/** What of a record Dataverse would refuse, as `field: value`. */
const tooLongParts = (record: Company | Person): readonly string[] => {
  const fields = Object.entries(record).filter(([field, value]) => typeof value === 'string' && value.length > (limits[field] ?? Infinity));
  const lines = (record.street ?? '').split(/\r?\n/).filter((line) => line.length > longestLine);
  const name = 'full_name' in record ? record.full_name.trim().split(/\s+/) : [];
  const nameParts = [name.at(-1) ?? '', name.slice(0, -1).join(' ')].filter((part) => part.length > longestNamePart);
  return [...fields.map(([field, value]) => `${field}: ${value}`), ...lines, ...nameParts];
};

describe('generated records', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(generate(50, 500)).toEqual(generate(50, 500));
    expect(generate(50, 500, 2)).not.toEqual(generate(50, 500));
  });

  it('have ids of their own', () => {
    const { companies, people } = generate(2_000, 3_000);
    expect(new Set(companies.map(({ id }) => id)).size).toBe(2_000);
    expect(new Set(people.map(({ id }) => id)).size).toBe(3_000);
  });

  it('fit Dataverse, whatever the seed: refusals are a matter of tests that ask for them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (seed) => {
        const { companies, people } = generate(60, 200, seed);
        expect([...companies, ...people].flatMap(tooLongParts)).toEqual([]);
        expect(people.filter(({ email }) => email && !plainEmail.test(email))).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it('speak every locale, and share their moments of creation by the thousand', () => {
    const { people } = generate(10, 5_000);
    const countries = new Set(people.map(({ country }) => country));
    for (const { country } of locales) expect(countries).toContain(country);
    expect(new Set(people.map(({ created_at }) => created_at)).size).toBe(2);
    expect(people.filter(({ updated_at }) => updated_at === null).length).toBeGreaterThan(1_000);
  });

  it('hold every trap, even when only a few are asked for', async () => {
    const crm = await openNorthwind({ accounts: 20, contacts: 50 });
    const { text: peopleText, body } = await crm.get<{ data: readonly Readonly<Record<string, unknown>>[] }>('/api/v1/people?per_page=500');
    const companies = (await crm.page('/api/v1/companies?per_page=500')).data;
    await crm.close();
    const people = body.data;
    const names = people.map(({ full_name }) => full_name);

    expect(names).toEqual(expect.arrayContaining(['Andersson, Britt-Marie', 'Sukarno', 'Johannes van der Berg', 'Zoë 🌻 Müller']));
    expect(people.some(({ full_name }) => typeof full_name === 'string' && full_name !== full_name.normalize('NFC'))).toBe(true);
    expect(people.some((person) => person.email === '')).toBe(true);
    expect(people.some((person) => person.email === null)).toBe(true);
    expect(people.some((person) => !('email' in person))).toBe(true);
    expect(people.some(({ street }) => typeof street === 'string' && street.includes('\n'))).toBe(true);
    expect(people.some(({ company_id }) => company_id === missingCompanyId)).toBe(true);
    expect(people.some(({ company_id }) => company_id === null)).toBe(true);
    expect(companies.map(({ id }) => id)).toEqual(expect.arrayContaining(['SONNE', 'Sonne', 'LUNAR', 'lunar']));
    for (const id of hugePersonIds) expect(peopleText).toContain(`{"id":${id},`);
  });

  it('are found by their exact id even where two ids are the same to a JavaScript number', async () => {
    const crm = await openNorthwind({ contacts: 50 });
    const even = await crm.get('/api/v1/people/9007199254740992');
    const odd = await crm.get('/api/v1/people/9007199254740993');
    const created = await crm.ask('POST', '/api/v1/people', { full_name: 'After the huge ones' });
    await crm.close();
    expect(even.text).toContain('{"id":9007199254740992,');
    expect(odd.text).toContain('{"id":9007199254740993,');
    expect(even.body.email).not.toEqual(odd.body.email);
    expect(created.body.id).toBe(200_051);
  });
});
