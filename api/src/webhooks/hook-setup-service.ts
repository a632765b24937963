import type { HookChangesBody } from '../contract/hooks.ts';
import type { HookSetupService } from '../contract/services.ts';
import type { HookPlace, WebhookSetup } from '../crm/types.ts';
import { AppError } from '../errors/app-error.ts';
import type { Sources } from '../sync/sources.ts';
import { hookAddress } from './hook-address.ts';
import { type HookTrialDependencies, tryHook } from './try-hook.ts';

export interface HookSetupDependencies extends Omit<HookTrialDependencies, 'source' | 'setup' | 'place'> {
  readonly sources: Sources;
  /** Where the CRM reaches us, from the configuration. */
  readonly publicUrl: string;
}

const named = ({ what, item }: { readonly what: string; readonly item: string | null }) => ({ what, ...(item === null ? {} : { item }) });

/** Brings a CRM to post what changes, and tries whether what it posts arrives. */
export const createHookSetupService = ({ sources, publicUrl, ...trial }: HookSetupDependencies): HookSetupService => {
  const open = (sourceId: string, address = hookAddress(publicUrl, sourceId)) => {
    const source = sources.get(sourceId);
    const setup: WebhookSetup | null = source.connector.webhookSetup;
    if (setup === null) throw new AppError('webhook.none', { source: sourceId });
    const place: HookPlace = { address, source: sourceId };
    return { source, setup, place, shown: { sourceId, address } };
  };
  const changesOf = (changes: Awaited<ReturnType<WebhookSetup['install']>>): HookChangesBody['changes'] =>
    changes.map(({ outcome, problem, ...part }) => ({ ...named(part), outcome, ...(problem === undefined ? {} : { problem }) }));

  return {
    async guide(sourceId) {
      const { setup, place, shown } = open(sourceId);
      const { steps, files } = await setup.print(place);
      return { ...shown, isByApi: setup.isByApi, steps: [...steps], files: files.map((file) => ({ ...file })) };
    },
    async list(sourceId, signal) {
      const { setup, place, shown } = open(sourceId);
      const parts = await setup.list(place, signal);
      return { ...shown, parts: parts.map(({ state, ...part }) => ({ ...named(part), state })) };
    },
    async install(sourceId, { isReplacing = false }, signal) {
      const { setup, place, shown } = open(sourceId);
      return { ...shown, changes: changesOf(await setup.install(place, { isReplacing, signal })) };
    },
    async remove(sourceId, { address }, signal) {
      const { setup, place, shown } = open(sourceId, address);
      return { ...shown, changes: changesOf(await setup.remove(place, signal)) };
    },
    async test(sourceId, record, signal) {
      const { source, setup, place } = open(sourceId);
      return tryHook(record, { ...trial, source, setup, place }, signal);
    },
  };
};
