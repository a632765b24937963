/** Dataverse's query functions with the parameters that each takes beside PropertyName (the QueryFunctionIndex reference). */

export type FunctionParameters = 'none' | 'PropertyValue' | 'PropertyValue1 and PropertyValue2' | 'PropertyValues';

const list = (names: string): readonly string[] => names.trim().split(/\s+/);

const withoutValue = list(`
  Today Tomorrow Yesterday Last7Days Next7Days LastWeek ThisWeek NextWeek LastMonth ThisMonth NextMonth LastYear ThisYear NextYear
  LastFiscalPeriod ThisFiscalPeriod NextFiscalPeriod LastFiscalYear ThisFiscalYear NextFiscalYear
  EqualUserId NotEqualUserId EqualBusinessId NotEqualBusinessId EqualUserLanguage`);

const withOneValue = list(`
  On OnOrAfter OnOrBefore
  LastXHours LastXDays LastXWeeks LastXMonths LastXYears LastXFiscalPeriods LastXFiscalYears
  NextXHours NextXDays NextXWeeks NextXMonths NextXYears NextXFiscalPeriods NextXFiscalYears
  OlderThanXMinutes OlderThanXHours OlderThanXDays OlderThanXWeeks OlderThanXMonths OlderThanXYears
  InFiscalYear InFiscalPeriod
  Above AboveOrEqual Under UnderOrEqual NotUnder`);

const withTwoValues = list('InFiscalPeriodAndYear InOrAfterFiscalPeriodAndYear InOrBeforeFiscalPeriodAndYear');
const withManyValues = list('In NotIn Between NotBetween ContainValues DoesNotContainValues');

/** In the reference, but they need teams, a users' hierarchy or a full-text index, none of which the sandbox has: answered 501. */
export const functionsNotBuilt = list(`
  EqualUserTeams EqualUserOrUserTeams EqualUserOrUserHierarchy EqualUserOrUserHierarchyAndTeams Contains`);

export const queryFunctions: ReadonlyMap<string, FunctionParameters> = new Map<string, FunctionParameters>([
  ...withoutValue.map((name) => [name, 'none'] as const),
  ...withOneValue.map((name) => [name, 'PropertyValue'] as const),
  ...withTwoValues.map((name) => [name, 'PropertyValue1 and PropertyValue2'] as const),
  ...withManyValues.map((name) => [name, 'PropertyValues'] as const),
]);
