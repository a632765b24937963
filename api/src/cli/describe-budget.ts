import type { RequestBudgetBody } from '../contract/sources.ts';

const number = (value: number): string => value.toLocaleString('en-US');

const describeLimit = ({ requests, perSeconds, on, used }: RequestBudgetBody['limits'][number]): string => {
  const scope = on === undefined ? '' : ` for ${on.join(', ')}`;
  if (perSeconds === undefined) return `${number(used)} of ${number(requests)} requests at once`;
  return `${number(used)} of ${number(requests)} requests in ${number(perSeconds)} s${scope}`;
};

const describeTold = ({ header, used, limit, remaining }: RequestBudgetBody['told'][number]): string => {
  const whole = limit === undefined ? '' : ` of ${number(limit)}`;
  if (used !== undefined) return `${header}: ${number(used)}${whole} used`;
  return `${header}: ${number(remaining ?? 0)}${whole} left`;
};

/** What of a CRM's request budget is used; nothing about one that was not asked today. */
export const describeBudget = (budget: RequestBudgetBody): readonly string[] => [
  ...(budget.requestsToday === 0
    ? []
    : [`${number(budget.requestsToday)} requests on ${budget.day}; now ${budget.limits.map(describeLimit).join(', ')}`]),
  ...(budget.processes > 1 ? [`${number(budget.processes)} processes share its limits`] : []),
  ...budget.told.map((told) => `the CRM says${budget.toldOn === undefined ? '' : ` (${budget.toldOn})`}: ${describeTold(told)}`),
  ...(budget.restsSeconds > 0 ? [`the CRM wants rest for another ${number(budget.restsSeconds)} s`] : []),
  ...(budget.keptSeconds > 0 ? [`runs wait for another ${number(budget.keptSeconds)} s: the rest of its budget is kept for people`] : []),
];
