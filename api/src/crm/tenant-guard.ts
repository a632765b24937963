import { AppError } from '../errors/app-error.ts';
import { compilePath } from './expression/compile.ts';
import { compileTextTemplate } from './expression/slots.ts';
import type { Manifest } from './manifest/schema/manifest.ts';
import type { JsonObject, JsonValue, TenantStore } from './types.ts';

/** How long a source is believed to be the same tenant without being asked again. */
const believedForMs = 60 * 60_000;

export interface TenantGuard {
  /** Gives whose data it is. Throws `crm.other_tenant` when the probe’s answer is that of another tenant than before. */
  look(answer: JsonValue): Promise<string>;
  isSure(): boolean;
}

/** null: the manifest does not say how tenants are told apart. */
export const createTenantGuard = (options: {
  readonly sourceId: string;
  readonly manifest: Manifest;
  readonly settings: JsonObject;
  readonly tenants: TenantStore;
  readonly nowMs: () => number;
}): TenantGuard | null => {
  const { sourceId: source, manifest, settings, tenants, nowMs } = options;
  const tenant = manifest.probe?.tenant;
  if (tenant === undefined) return null;
  const select = compilePath(tenant.path);
  const wanted = tenant.is === undefined ? '' : compileTextTemplate(tenant.is)({ settings });
  let lookedOnMs = Number.NEGATIVE_INFINITY;
  return {
    isSure: () => nowMs() - lookedOnMs < believedForMs,
    look: async (answer) => {
      const value = select(answer);
      if ((typeof value !== 'string' && typeof value !== 'number') || value === '')
        throw new AppError('crm.bad_answer', { source, what: 'the probe', problem: `it does not name the tenant at “${tenant.path}”` });
      const name = String(value);
      // A setting that was left out cannot be compared with; then the first answer counts, as without one.
      const isSame = wanted === '' ? (await tenants.pin(source, name)).isSame : wanted === name;
      if (!isSame) throw new AppError('crm.other_tenant', { source });
      lookedOnMs = nowMs();
      return name;
    },
  };
};

/** For this process alone, where nothing is stored. */
export const createMemoryTenants = (): TenantStore => {
  const known = new Map<string, string>();
  return {
    pin: async (sourceId, tenant) => {
      const before = known.get(sourceId) ?? tenant;
      known.set(sourceId, before);
      return { isSame: before === tenant };
    },
  };
};
