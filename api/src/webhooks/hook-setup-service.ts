import type { HookChangesBody } from '../contract/hooks.ts';
import type { HookSetupService } from '../contract/services.ts';
import type { HookPlace, WebhookSetup } from '../crm/webhook/install/types.ts';
import { AppError } from '../errors/app-error.ts';
import type { Sources } from '../sync/sources.ts';
import { hookAddress } from './hook-address.ts';
import { type HookTrialDependencies, tryHook } from './try-hook.ts';

export interface HookSetupDependencies extends Omit<HookTrialDependencies, 'source' | 'setup' | 'place' | 'segments'> {
  readonly sources: Sources;
  /** Where the CRM reaches us, from the configuration. */
  readonly publicUrl: string;
}

/** For people; the main one is named by naming none. */
const namesOf = (setups: ReadonlyMap<string, WebhookSetup>): string => [...setups.keys()].map((hook) => hook || 'the main one').join(', ');

const named = ({ what, item }: { readonly what: string; readonly item: string | null }) => ({ what, ...(item === null ? {} : { item }) });

/** Brings a CRM to post what changes, and tries whether what it posts arrives. */
export const createHookSetupService = ({ sources, publicUrl, ...trial }: HookSetupDependencies): HookSetupService => {
  const open = (sourceId: string, hook = '', earlier?: string) => {
    const source = sources.get(sourceId);
    const setups = source.connector.webhookSetups;
    if (setups.size === 0) throw new AppError('webhook.none', { source: sourceId });
    const setup = setups.get(hook);
    if (setup === undefined) throw new AppError('webhook.unknown', { source: sourceId, hook: hook || 'main', known: namesOf(setups) });
    const segments = hook === '' ? [] : [hook];
    const address = earlier ?? hookAddress(publicUrl, sourceId, segments);
    const place: HookPlace = { address, source: sourceId };
    return { source, setup, place, segments, shown: { sourceId, ...(hook === '' ? {} : { hook }), address } };
  };
  const changesOf = (changes: Awaited<ReturnType<WebhookSetup['install']>>): HookChangesBody['changes'] =>
    changes.map(({ outcome, problem, ...part }) => ({ ...named(part), outcome, ...(problem === undefined ? {} : { problem }) }));

  return {
    async guide(sourceId, { hook }) {
      const { setup, place, shown } = open(sourceId, hook);
      const { steps, files } = await setup.print(place);
      return { ...shown, isByApi: setup.isByApi, steps: [...steps], files: files.map((file) => ({ ...file })) };
    },
    async list(sourceId, { hook }, signal) {
      const { setup, place, shown } = open(sourceId, hook);
      const parts = await setup.list(place, signal);
      return { ...shown, parts: parts.map(({ state, ...part }) => ({ ...named(part), state })) };
    },
    async install(sourceId, { hook, isReplacing = false }, signal) {
      const { setup, place, shown } = open(sourceId, hook);
      return { ...shown, changes: changesOf(await setup.install(place, { isReplacing, signal })) };
    },
    async remove(sourceId, { hook, address }, signal) {
      const { setup, place, shown } = open(sourceId, hook, address);
      return { ...shown, changes: changesOf(await setup.remove(place, signal)) };
    },
    async test(sourceId, { hook, ...record }, signal) {
      const { source, setup, place, segments, shown } = open(sourceId, hook);
      return { ...shown, ...(await tryHook(record, { ...trial, source, setup, place, segments }, signal)) };
    },
  };
};
