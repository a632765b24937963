import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { AppError } from '../../../errors/app-error.ts';
import { literalAddress, isLocalName, isPrivateAddress } from '../../http/allowed-hosts.ts';
import { compileTextTemplate } from '../../expression/slots.ts';
import type { Manifest } from '../../manifest/schema/manifest.ts';
import type { WebhooksBody } from '../../manifest/schema/webhook.ts';
import { readyTables } from '../../manifest/with-defaults.ts';
import { fieldsMapped } from '../../reader/fields-used.ts';
import { compileBody } from '../../reader/request-builder.ts';
import { type JsonValue, type TableName, tableNames } from '../../types.ts';
import { fillFolder } from './connector-files.ts';
import { installResource, removeResource, requireOurs, stateOf } from './reconcile.ts';
import { compileResource, type InstallConnection, type Item, type Resource } from './resource.ts';
import { signDelivery } from './sign-delivery.ts';
import type { StoredSecrets } from './stored-secrets.ts';
import type { HookChange, HookPlace, HookState, WebhookSetup } from './types.ts';

export interface WebhookSetupOptions {
  readonly sourceId: string;
  readonly manifest: Manifest;
  readonly webhooks: WebhooksBody;
  readonly settings: Readonly<Record<string, string>>;
  readonly stored: StoredSecrets;
  /** Made when first asked for: most sources never are. */
  readonly connect: () => InstallConnection;
  /** The CRM is inside our own network, and may reach us there, without HTTPS. */
  readonly isNear: boolean;
  /** Where the manifest lies; null when it came from elsewhere. */
  readonly folder: string | null;
  /** With samples in several languages, for a CRM that has nothing of its own. */
  readonly samplesFolder: string | null;
}

/** Stands for a secret in what is printed. */
const secretPlaceholder = 'THE-SIGNING-SECRET';

const textOfItem = (item: Item | null): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(item ?? {}).map(([name, value]) => [name, String(value)]));

export const createWebhookSetup = (options: WebhookSetupOptions): WebhookSetup => {
  const { sourceId, manifest, webhooks, settings, stored, connect, folder, samplesFolder, isNear } = options;
  const { install = {}, verify } = webhooks;
  const bodies = install.resources ?? [];
  const fields = Object.fromEntries([...readyTables(manifest)].map(([name, table]) => [name, fieldsMapped(table)]));

  const compileAll = ({ address, source }: HookPlace, connection: InstallConnection): readonly Resource[] =>
    bodies.map((body) => compileResource({ body, fields, connection, scope: { address, source } }));

  /** The default is an address of this machine: whoever forgets to set it would wait for deliveries that nobody can send. */
  const requireReachable = (address: string): void => {
    if (isNear) return;
    const url = URL.parse(address);
    const literal = url === null ? null : literalAddress(url.hostname);
    const isPrivate = url === null || isLocalName(url.hostname) || (literal !== null && isPrivateAddress(literal));
    if (isPrivate || url.protocol !== 'https:') throw new AppError('webhook.address_unusable', { source: sourceId, address });
  };

  const resourcesOf = async (place: HookPlace, signal: AbortSignal): Promise<readonly Resource[]> => {
    const notByApi = (problem: string): AppError => new AppError('webhook.not_by_api', { source: sourceId, problem });
    if (bodies.length === 0) throw notByApi(`${manifest.name} has no API for it that this connector knows`);
    const missing = (install.needs ?? []).find((name) => (settings[name] ?? '') === '');
    if (missing !== undefined)
      throw notByApi(`the setting “${missing}” (${manifest.connection.settings?.[missing]?.title ?? missing}) is missing`);
    const connection = connect();
    await connection.prepare(signal);
    return compileAll(place, connection);
  };

  /** What is signed is the same for all who have a sample, so that its shape is the CRM's. */
  const sampleBody = (table: TableName, id: string): JsonValue => {
    const sample = new Map<string, unknown>(Object.entries(install.sample ?? {})).get(table);
    if (sample === undefined)
      throw new AppError('webhook.no_sample', { source: sourceId, problem: `the manifest has no sample about an ${table}` });
    const format = webhooks.format ?? 'json';
    return compileBody(sample as JsonValue, format === 'xml' ? 'xml' : null)({ id, settings }) ?? null;
  };

  const exampleText = (): string => {
    const [table] = Object.keys(install.sample ?? {}) as TableName[];
    if (table === undefined) return '{}';
    const body = sampleBody(table, 'ID-OF-A-RECORD');
    return typeof body === 'string' ? body : JSON.stringify(body);
  };

  /** Lists of a resource need no connection, only what the manifest says. */
  const listsFor = (): Readonly<Record<string, readonly Readonly<Record<string, string>>[]>> =>
    Object.fromEntries(
      bodies.map(({ what, each = [], eachField = [] }) => [
        what,
        [
          ...each.map(textOfItem),
          ...eachField.flatMap(({ table, values = {} }) => (fields[table] ?? []).map((field) => textOfItem({ ...values, field }))),
        ],
      ]),
    );

  const filesFrom = async (place: HookPlace, from: string) =>
    fillFolder(from, {
      values: { address: place.address, source: place.source, crm: manifest.name, sample: exampleText() },
      lists: listsFor(),
    });

  /** Where any program may sign, samples in some languages are better than none. */
  const canUseSamples = verify.kind === 'standardWebhooks' && install.sample !== undefined;

  return {
    isByApi: bodies.length > 0,
    sampleTables: tableNames.filter((table) => Object.hasOwn(install.sample ?? {}, table)),
    print: async (place) => {
      requireReachable(place.address);
      const address = verify.kind === 'pathToken' ? `${place.address}/${secretPlaceholder}` : place.address;
      const steps = (install.steps ?? [`Let the CRM post to {{address}} what changes.`]).map((step) =>
        compileTextTemplate(step)({ address, source: place.source, settings }),
      );
      if (install.files !== undefined && folder !== null)
        return { steps, files: await filesFrom({ ...place, address }, join(folder, install.files)) };
      return { steps, files: canUseSamples && samplesFolder !== null ? await filesFrom(place, samplesFolder) : [] };
    },
    list: async (place, signal) => {
      const states: HookState[] = [];
      for (const resource of await resourcesOf(place, signal)) states.push(...(await stateOf(resource, signal)));
      return states;
    },
    install: async (place, { isReplacing, signal }) => {
      requireReachable(place.address);
      const changes: HookChange[] = [];
      for (const resource of await resourcesOf(place, signal)) {
        const { changes: made, found } = await installResource(resource, { sourceId, isReplacing, signal });
        changes.push(...made);
        if (found !== null && resource.secretSetting !== null)
          await stored.keep(resource.secretSetting, await resource.readSecret(found, signal));
      }
      return changes;
    },
    remove: async (place, signal) => {
      const changes: HookChange[] = [];
      const resources = await resourcesOf(place, signal);
      // What others share with us, such as subscriptions of an app that posts to them, is theirs.
      for (const resource of resources) if (resource.isOnly) await requireOurs(resource, { sourceId, signal });
      // Backwards: what was made last hangs on what was made first.
      for (const resource of [...resources].reverse()) changes.push(...(await removeResource(resource, signal)));
      await stored.forget();
      return changes;
    },
    sample: async (place, { table, id }, nowMs) =>
      signDelivery(verify, {
        sourceId,
        url: place.address,
        body: sampleBody(table, id),
        deliveryId: `test_${randomUUID()}`,
        nowMs,
        // What is stored is what the CRM signs with now.
        secrets: new Map([...Object.entries(settings), ...Object.entries(await stored.read())]),
      }),
  };
};
