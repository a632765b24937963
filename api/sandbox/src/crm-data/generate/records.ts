import { companyFacts, personFacts } from '../facts.ts';
import type { Company, CompanyValues, Person, PersonValues, Stamps } from '../types.ts';
import type { Locale, Name } from './locale.ts';
import { locales } from './locales.ts';
import { type Random, createRandom } from '../../random.ts';
import { caseTwinCompanyIds, companyTraps, hugePersonIds, personTraps } from './traps.ts';

export interface GenerateOptions {
  readonly accounts: number;
  readonly contacts: number;
  readonly seed: number;
  /** Companies that are there already; people are given to them too. */
  readonly otherCompanyIds: readonly string[];
}

export interface GeneratedRecords {
  readonly companies: readonly Company[];
  readonly people: readonly Person[];
}

const firstPersonId = 200_001;
/** After the first round each trap comes back once in so many records. */
const trapPeriod = 500;
/** So many records come from one import, that is, share one created_at to the millisecond. */
const recordsPerImport = 2_500;
const importsBegin = Date.UTC(2025, 1, 1);
const dayMs = 86_400_000;
/** A mass update touches so many neighbours at once. */
const recordsPerMassUpdate = 400;
const updatesBegin = Date.UTC(2025, 6, 1);

const stampsOf = (index: number, random: Random): Stamps => ({
  created_at: new Date(importsBegin + Math.floor(index / recordsPerImport) * dayMs).toISOString(),
  updated_at: random.chance(0.4) ? new Date(updatesBegin + Math.floor(index / recordsPerMassUpdate) * dayMs + 123).toISOString() : null,
  deleted_at: null,
});

const localeOf = (random: Random): Locale => random.pick(locales);

const addressOf = (place: Locale, random: Random) => {
  const { city, region, postalCode } = random.pick(place.cities);
  return {
    street: random.digits(random.pick(place.streets)),
    city,
    region,
    postal_code: random.digits(postalCode),
    country: random.chance(0.2) ? place.countryCode : place.country,
  };
};

const joinName = (place: Locale, given: Name, family: Name): string =>
  place.nameOrder.replace('{given}', given.native).replace('{family}', family.native);

const generateCompany = (index: number, random: Random): Company => {
  const place = localeOf(random);
  const family = random.pick(place.family);
  const values: CompanyValues = {
    name: random.pick(place.companies).replace('{family}', family.native),
    ...addressOf(place, random),
    phone: random.digits(random.pick(place.phones)),
    fax: random.chance(0.3) ? random.digits(random.pick(place.phones)) : null,
    website: random.chance(0.7) ? `https://www.${family.latin.replaceAll(/[^a-z]/g, '')}-${index}.example/` : null,
    employees: random.chance(0.8) ? random.below(5_000) : null,
    ...companyFacts(index),
  };
  const id = caseTwinCompanyIds[index] ?? `C${String(index + 1).padStart(6, '0')}`;
  return { id, ...values, ...companyTraps[index % trapPeriod]?.(values), ...stampsOf(index, random) };
};

const generatePerson = (index: number, companyIds: readonly string[], random: Random): Person => {
  const place = localeOf(random);
  const given = random.pick(place.given);
  const family = random.pick(place.family);
  const values: PersonValues = {
    company_id: random.chance(0.95) ? (companyIds[random.below(companyIds.length)] ?? null) : null,
    full_name: joinName(place, given, family),
    title: random.chance(0.9) ? random.pick(place.titles) : null,
    email: random.chance(0.95) ? `${given.latin}.${family.latin}.${index + 1}@mail.example` : null,
    phone: random.chance(0.9) ? random.digits(random.pick(place.phones)) : null,
    mobile: random.chance(0.6) ? random.digits(random.pick(place.mobiles)) : null,
    ...addressOf(place, random),
    ...personFacts(index),
  };
  // The first traps go by position, so the huge ids stand behind them.
  const id = hugePersonIds[index - personTraps.length] ?? String(firstPersonId + index);
  return { id, ...values, ...personTraps[index % trapPeriod]?.(values), ...stampsOf(index, random) };
};

const numbersBelow = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/**
 * As many international companies and people as asked for, traps included; the same options give the same records.
 * 100,000 people take about half a second.
 */
export const generateRecords = ({ accounts, contacts, seed, otherCompanyIds }: GenerateOptions): GeneratedRecords => {
  // Two streams, so that asking for more companies does not rename the people.
  const companyRandom = createRandom(seed);
  const personRandom = createRandom(seed ^ 0x5bd1e995);
  const companies = numbersBelow(accounts).map((index) => generateCompany(index, companyRandom));
  const companyIds = [...otherCompanyIds, ...companies.map((company) => company.id)];
  return { companies, people: numbersBelow(contacts).map((index) => generatePerson(index, companyIds, personRandom)) };
};
