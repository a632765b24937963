import type { Settings } from '../../crm-kit/settings-routes.ts';
import { errors } from '../errors.ts';
import type { SalesforceSettings } from '../settings.ts';

const dayMs = 86_400_000;

/**
 * API requests of the last 24 hours, counted from the first of them. What exceeds the limit is refused with 403 and no Retry-After.
 * https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta/salesforce_app_limits_cheatsheet/salesforce_app_limits_platform_api.htm
 */
export const createRequestBudget = ({ now, settings }: { readonly now: () => Date; readonly settings: Settings<SalesforceSettings> }) => {
  let used = 0;
  let startedAtMs = now().getTime();
  const forget = (): void => {
    used = 0;
    startedAtMs = now().getTime();
  };
  return {
    spend: (): void => {
      if (now().getTime() - startedAtMs >= dayMs) forget();
      if (used >= settings.current.dailyApiRequests) throw errors.requestLimit();
      used += 1;
    },
    /** Of the header `Sforce-Limit-Info`. */
    header: (): string => `api-usage=${used}/${settings.current.dailyApiRequests}`,
    remaining: (): number => Math.max(0, settings.current.dailyApiRequests - used),
    forget,
  };
};

export type RequestBudget = ReturnType<typeof createRequestBudget>;
