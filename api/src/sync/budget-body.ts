import type { RequestBudgetBody } from '../contract/sources.ts';
import type { BudgetUse } from '../crm/budget/shared-budget.ts';

const seconds = (ms: number): number => Math.ceil(ms / 1000);

/** As the API shows it. */
export const toBudgetBody = (use: BudgetUse): RequestBudgetBody => ({
  day: use.day,
  requestsToday: use.sentToday,
  processes: use.processes,
  limits: use.limits.map(({ size, perMs, on, used }) => ({
    requests: size,
    ...(perMs === 0 ? {} : { perSeconds: perMs / 1000 }),
    ...(on === undefined ? {} : { on: [...on] }),
    used,
  })),
  told: use.told.map(({ header, used, limit, remaining }) => ({
    header,
    ...(used === null ? {} : { used }),
    ...(limit === null ? {} : { limit }),
    ...(remaining === null ? {} : { remaining }),
  })),
  ...(use.toldOnMs === null ? {} : { toldOn: new Date(use.toldOnMs).toISOString() }),
  restsSeconds: seconds(use.restsForMs),
  keptSeconds: seconds(use.sparesForMs),
});
