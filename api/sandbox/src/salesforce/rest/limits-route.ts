import type { FastifyInstance } from 'fastify';
import type { Jobs } from '../bulk/jobs.ts';
import type { RequestBudget } from './request-budget.ts';

/** https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/bulk_common_limits.htm */
const dailyQueryJobs = 10_000;
const dailyResultMb = 976_562;

interface LimitsOptions {
  readonly budget: RequestBudget;
  readonly jobs: Jobs;
  readonly dailyApiRequests: () => number;
}

/** `/limits`. https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_limits.htm */
export const addLimitsRoute = (app: FastifyInstance, { budget, jobs, dailyApiRequests }: LimitsOptions): void => {
  app.get('/limits', () => ({
    DailyApiRequests: { Max: dailyApiRequests(), Remaining: budget.remaining() },
    DailyBulkV2QueryJobs: { Max: dailyQueryJobs, Remaining: dailyQueryJobs - jobs.created },
    DailyBulkV2QueryFileStorageMB: { Max: dailyResultMb, Remaining: dailyResultMb },
  }));
};
