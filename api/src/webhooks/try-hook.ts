import type { HookTrialBody, HookTrialStep, TestHookBody } from '../contract/hooks.ts';
import type { RecordService } from '../contract/services.ts';
import type { TableName } from '../crm/types.ts';
import type { HookPlace, SampleDelivery, WebhookSetup } from '../crm/webhook/install/types.ts';
import { AppError, isAppError } from '../errors/app-error.ts';
import type { HookTrialStore } from '../store/hook-trial-store.ts';
import { toSourceKey } from '../sync/source-key.ts';
import type { Clock, Source } from '../sync/types.ts';

/** Posts as a CRM does. status 0: there was no answer, and `problem` says why. */
export type PostSample = (sample: SampleDelivery, signal: AbortSignal) => Promise<{ readonly status: number; readonly problem?: string }>;

export interface HookTrialDependencies {
  readonly source: Source;
  readonly setup: Pick<WebhookSetup, 'sample' | 'sampleTables'>;
  readonly place: HookPlace;
  /** What stands in its address behind the source: nothing, or the webhook's name. */
  readonly segments: readonly string[];
  readonly trials: HookTrialStore;
  readonly records: Pick<RecordService, 'sync'>;
  readonly clock: Clock;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly post: PostSample;
}

/** Who waits longer has no worker, or one that is busy for long. */
const drainWithinMs = 60_000;
const lookEveryMs = 250;

/** A step that went wrong in a way that its own words explain; those after it make no sense. */
class Stopped extends Error {}

const firstRecord = async ({ connector }: Source, wanted: readonly TableName[], signal: AbortSignal) => {
  for (const table of wanted) {
    for await (const { records } of connector.table(table).listAll(null, signal)) {
      const found = records.find(({ isDeleted, isSkipped }) => !isDeleted && !isSkipped);
      if (found !== undefined) return { table, id: found.id };
    }
  }
  return null;
};

const explainStatus = (status: number, problem: string | undefined): string => {
  if (status === 0) return `no answer: ${problem ?? 'the connection failed'}. Is api.publicUrl right, and is the API reachable under it?`;
  if (status === 401)
    return 'refused (HTTP 401): the process behind this address has another secret for this source, or does not know the source. Restart it when the secret was set just now.';
  if (status === 404) return 'nothing is there (HTTP 404): the address leads to something else than the API of CRM Sync.';
  if (status >= 300 && status < 400)
    return `it leads elsewhere (HTTP ${status}): CRMs do not follow that. api.publicUrl must be the final address.`;
  return `answered with HTTP ${status}.`;
};

/**
 * Sends a signed sample the whole way that the CRM's deliveries take: to the public address over the network, into the inbox, through
 * the pipeline, to the row. Says of each step how it went; the first that fails ends it.
 */
export const tryHook = async (
  wanted: Omit<TestHookBody, 'hook'>,
  dependencies: HookTrialDependencies,
  signal: AbortSignal,
): Promise<HookTrialBody> => {
  const { source, setup, place, segments, trials, records, clock, sleep, post } = dependencies;
  const steps: HookTrialStep[] = [];
  let stepBeganMs = clock.nowMs();
  const say = (step: HookTrialStep['step'], isDone: boolean, detail: string): void => {
    const nowMs = clock.nowMs();
    steps.push({ step, isDone, tookMilliseconds: Math.max(0, Math.round(nowMs - stepBeganMs)), detail });
    stepBeganMs = nowMs;
    if (!isDone) throw new Stopped(step);
  };
  /** What our own errors say is what the admin needs to read, at the step where it happened. */
  const during = async <Value>(step: HookTrialStep['step'], work: () => Promise<Value>): Promise<Value> => {
    try {
      return await work();
    } catch (error) {
      if (!isAppError(error)) throw error;
      say(step, false, `${error.message}. ${error.help}`);
      throw error;
    }
  };

  if (wanted.recordId !== undefined && wanted.table === undefined)
    throw new AppError('request.invalid', { problem: '“recordId” needs “table”' });
  // Where nothing is known to be imitated, that is said when it comes to the signing.
  const known = setup.sampleTables.length > 0 ? setup.sampleTables : source.connector.tables;
  const tables = wanted.table === undefined ? known : [wanted.table];
  let record: { readonly table: TableName; readonly id: string } = { table: tables[0] ?? 'account', id: '' };
  const finish = (): HookTrialBody => ({
    sourceId: source.id,
    address: place.address,
    table: record.table,
    recordId: record.id,
    hasArrived: steps.every(({ isDone }) => isDone),
    steps,
  });

  const walk = async (): Promise<void> => {
    const found = await during('record', async () => {
      if (wanted.recordId === undefined) return firstRecord(source, tables, signal);
      const id = source.connector.table(record.table).readId(wanted.recordId);
      return id === null ? null : { table: record.table, id };
    });
    if (found === null) return say('record', false, 'the CRM has no record to try it with, or the id can be none of its.');
    record = found;
    say('record', true, `${record.table} ${record.id}`);

    const sample = await during('signed', async () => {
      const signed = await setup.sample(place, record, clock.nowMs());
      const { webhook } = source.connector;
      if (webhook === null) throw new AppError('webhook.none', { source: source.id });
      // The door of this process judges it first: a secret that is wrong here is another fault than one that is wrong there.
      const request = {
        method: 'POST',
        url: signed.url,
        headers: signed.headers,
        rawBody: signed.rawBody,
        segments: [...segments, ...segmentsOf(signed.url, place.address)],
      };
      const verdict = await (webhook.verifyWithStored ?? webhook.verify)(request, clock.nowMs());
      return {
        ...signed,
        deliveryId: verdict.deliveryId,
        trust: verdict.trust,
        isAboutIt: verdict.events.some(({ recordIds }) => recordIds.includes(record.id)),
      };
    });
    if (!sample.isAboutIt) return say('signed', false, 'the manifest reads no event about this record from its own sample.');
    say('signed', true, sample.trust === 'full' ? 'as the CRM signs' : 'with a secret that every delivery shows: it may only hint');

    const { status, problem } = await post(sample, signal);
    if (status < 200 || status >= 300) return say('accepted', false, explainStatus(status, problem));
    say('accepted', true, `HTTP ${status}`);

    const stored = await trials.find(source.id, sample.deliveryId);
    if (stored === null)
      return say('stored', false, 'it was taken, but is not in this store: the address leads to an installation with another store.');
    say('stored', true, 'in the inbox');

    const untilMs = clock.nowMs() + drainWithinMs;
    let isDone = stored.isDone;
    while (!isDone && clock.nowMs() < untilMs) {
      await sleep(lookEveryMs, signal);
      isDone = (await trials.find(source.id, sample.deliveryId))?.isDone ?? true;
    }
    if (!isDone)
      return say(
        'drained',
        false,
        `it still waits after ${drainWithinMs / 1000} seconds: no worker runs, or Dataverse does not take writes. The log says why.`,
      );
    say('drained', true, 'the record was read from the CRM again');

    const sourceKey = toSourceKey(source.id, record.id);
    if (sourceKey === null) return say('row', false, 'its id cannot be a key.');
    const { outcome } = await during('row', () => records.sync({ table: record.table, sourceKey }, { isDryRun: true, signal }));
    say(
      'row',
      outcome !== 'created' && outcome !== 'changed',
      outcome === 'unchanged'
        ? 'the row is as the CRM has it'
        : outcome === 'created'
          ? 'there is no row: look at the failed records of this source.'
          : outcome === 'changed'
            ? 'the row differs from the CRM: look at the failed records of this source.'
            : `the record is ${outcome}: it has no live row, as it should be`,
    );
  };

  try {
    await walk();
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
  return finish();
};

/** What stands behind the webhook's own address, as where the secret is a part of it. */
const segmentsOf = (url: string, address: string): readonly string[] =>
  url.startsWith(`${address}/`)
    ? url
        .slice(address.length + 1)
        .split('/')
        .map(decodeURIComponent)
    : [];
