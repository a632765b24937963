/** How the sandbox's web servers behave: what they allow, what work costs them. Served and changed at `/sandbox/limits`. */
import Type, { type Static } from 'typebox';

const strict = { additionalProperties: false } as const;
const milliseconds = Type.Number({ minimum: 0, maximum: 86_400_000 });
const perKind = Type.Record(Type.String({ pattern: '^[a-zA-Z]+$' }), milliseconds);

export const executionTimesSchema = Type.Object(
  {
    /** Every request that is not refused by a limit. */
    requestMs: milliseconds,
    batchPartMs: milliseconds,
    /** By kind of operation as the statistics name them: create, upsert, retrieve, query, … A kind that is not there costs nothing more. */
    operationMs: perKind,
    /** Each row that an operation of this kind writes (also when it is rolled back later) or gives out. */
    rowMs: perKind,
  },
  strict,
);

export const limitSettingsSchema = Type.Object(
  {
    /** False: nobody is ever refused. */
    isEnforced: Type.Boolean(),
    /** False: requests take as long as the sandbox needs, and cost no execution time. */
    isExecutionSimulated: Type.Boolean(),
    requests: Type.Integer({ minimum: 1 }),
    executionMs: Type.Integer({ minimum: 1 }),
    concurrentRequests: Type.Integer({ minimum: 1 }),
    windowMs: Type.Integer({ minimum: 1 }),
    /** A request that does not wait as it was told puts the end of the wait off by so much … */
    ignoredRetryAfterMs: milliseconds,
    /** … but never further away than this. */
    longestRetryAfterMs: milliseconds,
    /** `environment`: a user has one budget on all servers together, as some environments seem to count. */
    countedPer: Type.Union([Type.Literal('webServer'), Type.Literal('environment')]),
    webServers: Type.Integer({ minimum: 1, maximum: 64 }),
    /** Where a request without an affinity cookie goes: to the server with the fewest requests under way, or to any. */
    placement: Type.Union([Type.Literal('fewestRequests'), Type.Literal('random')]),
    /** Of all chance in here: the placement and the jitter. */
    seed: Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 }),
    /** `x-ms-dop-hint`: how many requests at once each server is comfortable with. */
    dopHint: Type.Integer({ minimum: 1, maximum: 1024 }),
    /** At twice the hint a request takes 1 + this times as long, at three times the hint 1 + twice this, and so on; 0: no matter. */
    slowdownAboveHint: Type.Number({ minimum: 0, maximum: 100 }),
    /** 0.1: a request takes 10 % less to 10 % more than its price. */
    jitter: Type.Number({ minimum: 0, maximum: 1 }),
    executionTimes: executionTimesSchema,
  },
  strict,
);

export type ExecutionTimes = Static<typeof executionTimesSchema>;
export type LimitSettings = Static<typeof limitSettingsSchema>;

export const limitChangesSchema = Type.Partial(
  Type.Object({ ...limitSettingsSchema.properties, executionTimes: Type.Partial(executionTimesSchema, strict) }),
  strict,
);
export type LimitChanges = Static<typeof limitChangesSchema>;

/**
 * The limits are the published ones (api-limits.md). Microsoft publishes no execution times: a row of UpsertMultiple at 10 ms and a PATCH
 * of its own at several times that are what the published samples' output amounts to.
 */
export const defaultLimits: LimitSettings = {
  isEnforced: false,
  isExecutionSimulated: false,
  requests: 6000,
  executionMs: 1_200_000,
  concurrentRequests: 52,
  windowMs: 300_000,
  ignoredRetryAfterMs: 100,
  longestRetryAfterMs: 300_000,
  countedPer: 'webServer',
  webServers: 3,
  placement: 'fewestRequests',
  seed: 1,
  dopHint: 4,
  slowdownAboveHint: 0,
  jitter: 0.1,
  executionTimes: {
    requestMs: 40,
    batchPartMs: 2,
    operationMs: { create: 25, upsert: 30, update: 25, delete: 25, retrieve: 10, query: 20, metadata: 30 },
    rowMs: { createMultiple: 8, updateMultiple: 8, upsertMultiple: 10, query: 0.05 },
  },
};

/** Execution times are changed one by one, so that a caller may name only what it wants otherwise. */
export function changeLimits(settings: LimitSettings, changes: LimitChanges): LimitSettings {
  const before = settings.executionTimes;
  const times = changes.executionTimes ?? {};
  return {
    ...settings,
    ...changes,
    executionTimes: {
      ...before,
      ...times,
      operationMs: { ...before.operationMs, ...times.operationMs },
      rowMs: { ...before.rowMs, ...times.rowMs },
    },
  };
}
