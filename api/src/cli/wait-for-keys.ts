import type { SetupService } from '../contract/services.ts';
import type { SetupBody } from '../contract/setup.ts';
import { AppError } from '../errors/app-error.ts';

export interface WaitForKeysOptions {
  readonly setup: Pick<SetupService, 'inspect'>;
  readonly clock: { nowMs(): number };
  /** Rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly limitMs: number;
  readonly signal: AbortSignal;
  /** At every look that finds an index still being built. */
  readonly onWaiting: (tables: readonly string[], waitedMs: number) => void;
}

const firstLookAfterMs = 1_000;
const longestBetweenLooksMs = 15_000;

const tablesWith = ({ findings }: SetupBody, problem: SetupBody['findings'][number]['problem']): readonly string[] =>
  findings.flatMap((finding) => (finding.problem === problem ? [finding.table ?? finding.name] : []));

/**
 * Looks until no key's index is being built any more: Dataverse builds it in the background, seconds on an empty table, hours on a large
 * one. Throws `setup.key_failed`, and `setup.key_slow` when the limit is over.
 * https://learn.microsoft.com/power-apps/developer/data-platform/define-alternate-keys-entity
 */
export const waitForKeys = async (seen: SetupBody, options: WaitForKeysOptions): Promise<SetupBody> => {
  const { setup, clock, sleep, limitMs, signal, onWaiting } = options;
  const startedMs = clock.nowMs();
  let now = seen;
  let waitMs = firstLookAfterMs;
  for (;;) {
    const failed = now.findings.find(({ problem }) => problem === 'keyFailed');
    if (failed !== undefined) throw new AppError('setup.key_failed', { key: failed.name, table: failed.table ?? '' });
    const building = tablesWith(now, 'keyBuilding');
    if (building.length === 0) return now;
    const waitedMs = clock.nowMs() - startedMs;
    if (waitedMs >= limitMs) {
      throw new AppError('setup.key_slow', { tables: building.join(' and '), minutes: Math.round(waitedMs / 60_000) });
    }
    onWaiting(building, waitedMs);
    await sleep(Math.min(waitMs, limitMs - waitedMs), signal);
    waitMs = Math.min(longestBetweenLooksMs, waitMs * 2);
    now = await setup.inspect(signal);
  }
};
