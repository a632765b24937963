import type { CompanyValues, PersonValues } from './types.ts';

/**
 * Figures, words of a list and dates, told from a record's number: not by chance, so that they do not shift what chance gives to the
 * other fields.
 */
const dayMs = 86_400_000;
const segments = ['Standard', 'Standard', 'Key account', null, 'Standard'] as const;
const firstBirthday = Date.UTC(1948, 1, 29);
/** A prime, so that neighbours are not born days apart. */
const daysBetween = 7_919;
const fiftyYearsInDays = 18_262;

export const companyFacts = (index: number): Pick<CompanyValues, 'segment' | 'annual_revenue' | 'currency'> => {
  const revenue = index % 4 === 3 ? null : 48_500 + index * 1_237.25;
  return { segment: segments[index % segments.length] ?? null, annual_revenue: revenue, currency: revenue === null ? null : 'USD' };
};

export const personFacts = (index: number): Pick<PersonValues, 'birthday' | 'email_opt_out'> => ({
  birthday:
    index % 3 === 2 ? null : new Date(firstBirthday + ((index * daysBetween) % fiftyYearsInDays) * dayMs).toISOString().slice(0, 10),
  email_opt_out: index % 6 === 5,
});
