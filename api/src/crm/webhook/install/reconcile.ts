import { isAppError, AppError } from '../../../errors/app-error.ts';
import type { JsonObject } from '../../types.ts';
import type { Item, Resource } from './resource.ts';
import type { HookChange, HookState } from './types.ts';

const nameOf = (item: Item | null): string | null => (item === null ? null : Object.values(item).join(' '));

/** One refusal must not keep the others from being made; what would refuse all of them ends it. */
const isAboutOne = (error: unknown): error is AppError =>
  isAppError(error) && !error.isRetryable && ['crm.refused', 'crm.explained_refusal', 'crm.bad_answer'].includes(error.code);

const attempt = async (work: () => Promise<HookChange['outcome']>): Promise<Omit<HookChange, 'what' | 'item'>> => {
  try {
    return { outcome: await work() };
  } catch (error) {
    if (!isAboutOne(error)) throw error;
    return { outcome: 'failed', problem: error.message };
  }
};

export const stateOf = async (resource: Resource, signal: AbortSignal): Promise<readonly HookState[]> => {
  const { what, items, isOnly } = resource;
  const found = await resource.list(signal);
  return items.map((item) => {
    const ours = found.filter((one) => resource.isOurs(one, item));
    const [first] = ours;
    const named = { what, item: nameOf(item) };
    if (first === undefined) return { ...named, state: isOnly && found.length > 0 ? 'others' : 'missing' };
    return { ...named, state: ours.length === 1 && resource.isRight(first, item) ? 'right' : 'differs' };
  });
};

/** Throws `webhook.taken` where another receiver has the one place that there is. */
export const requireOurs = async (resource: Resource, { sourceId, signal }: Omit<InstallOptions, 'isReplacing'>): Promise<void> => {
  const states = await stateOf(resource, signal);
  if (states.some(({ state }) => state === 'others')) throw new AppError('webhook.taken', { source: sourceId, what: resource.what });
};

export interface InstallOptions {
  readonly sourceId: string;
  readonly isReplacing: boolean;
  readonly signal: AbortSignal;
}

/** What is there of ours, once it has been made; null where the CRM gives several to everybody and each is ours. */
export const installResource = async (
  resource: Resource,
  { sourceId, isReplacing, signal }: InstallOptions,
): Promise<{ readonly changes: readonly HookChange[]; readonly found: JsonObject | null }> => {
  const { what, items, isOnly } = resource;
  const found = await resource.list(signal);
  const changes: HookChange[] = [];
  for (const item of items) {
    const ours = found.filter((one) => resource.isOurs(one, item));
    const [first, ...surplus] = ours;
    const change = await attempt(async () => {
      // A creation whose answer was lost may have been made twice.
      for (const one of surplus) await resource.remove(one, item, signal);
      if (first === undefined) {
        if (isOnly && found[0] !== undefined && !isReplacing) throw new AppError('webhook.taken', { source: sourceId, what });
        await resource.create(item, signal);
        return 'made';
      }
      if (resource.isRight(first, item)) return surplus.length > 0 ? 'changed' : 'kept';
      if (resource.canUpdate) await resource.update(first, item, signal);
      else {
        await resource.remove(first, item, signal);
        await resource.create(item, signal);
      }
      return 'changed';
    });
    changes.push({ what, item: nameOf(item), ...change });
  }
  if (resource.secretSetting === null) return { changes, found: null };
  const [item = null] = items;
  const now = await resource.list(signal);
  return { changes, found: now.find((one) => resource.isOurs(one, item)) ?? null };
};

export const removeResource = async (resource: Resource, signal: AbortSignal): Promise<readonly HookChange[]> => {
  const { what, items } = resource;
  const found = await resource.list(signal);
  const changes: HookChange[] = [];
  for (const item of items) {
    const ours = found.filter((one) => resource.isOurs(one, item));
    const change = await attempt(async () => {
      for (const one of ours) await resource.remove(one, item, signal);
      return ours.length > 0 ? 'removed' : 'absent';
    });
    changes.push({ what, item: nameOf(item), ...change });
  }
  return changes;
};
