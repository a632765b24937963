import { AppError } from '../errors/app-error.ts';
import { connectSource } from './connect-source.ts';
import { createCheck } from './connection-check.ts';
import type { OpenConnectorOptions } from './connector-options.ts';
import type { PushedTable } from './manifest/schema/table.ts';
import type { InstallBody } from './manifest/schema/webhook-install.ts';
import { pushedTables, readyTables } from './manifest/with-defaults.ts';
import { openWebhookSetup } from './open-webhook-setup.ts';
import { createPushedTable } from './reader/pushed-table.ts';
import { type IdReader, createIdReader } from './reader/record-id.ts';
import { type OpenedTable, createTableReader } from './reader/table-reader.ts';
import { resolveSettings } from './settings.ts';
import { type SourceConnector, type TableName, type TableReader, tableNames } from './types.ts';
import { type HookBodies, hooksOf } from './webhook/hooks-of.ts';
import type { InstallConnection } from './webhook/install/resource.ts';
import type { WebhookDoor } from './webhook/types.ts';
import { createWebhookDoor } from './webhook/webhook-door.ts';

type Settings = Readonly<Record<string, string>>;

/** Only a webhook may be proved with one of several secrets: a request is signed with one. */
const requireFurtherSecretsUsed = ({ manifest, source }: OpenConnectorOptions): void => {
  const hooks = [...hooksOf(manifest).values()];
  const proving = new Set(hooks.flatMap(({ verify }) => [verify.kind === 'publicKey' ? verify.key : verify.secret].flat()));
  const other = Object.keys(source.furtherSecrets ?? {}).find((name) => !proving.has(name));
  if (other !== undefined)
    throw new AppError('source.settings_invalid', {
      source: source.id,
      problem: `“${other}” takes one value; only a secret that webhooks are signed with may have several`,
    });
};

const openWebhook = (
  options: OpenConnectorOptions,
  settings: Settings,
  idReaders: Readonly<Partial<Record<TableName, IdReader>>>,
  connectToInstall: (install: InstallBody) => InstallConnection,
): ReturnType<typeof openWebhookSetup> => {
  const { manifest, source, credentials = null } = options;
  requireFurtherSecretsUsed(options);
  const openDoor = (bodies: HookBodies, given: Settings): WebhookDoor =>
    createWebhookDoor({
      sourceId: source.id,
      bodies,
      settings: given,
      furtherSecrets: source.furtherSecrets ?? {},
      idReaders,
    });
  const bodies = hooksOf(manifest);
  const door = bodies.size > 0 ? openDoor(bodies, settings) : null;
  // What a delivery brings along is a customer's data and waits sealed, or not at all.
  if (door?.carriesRecords === true && credentials === null) throw new AppError('source.secrets_key_missing', { source: source.id });
  return openWebhookSetup({
    sourceId: source.id,
    manifest,
    settings,
    credentials,
    isNear: source.allowPrivateNetwork === true,
    folder: options.folder ?? null,
    samplesFolder: options.samplesFolder ?? null,
    door,
    openDoor,
    connect: connectToInstall,
  });
};

/** Makes one CRM instance readable. Throws `source.settings_invalid` or `source.secrets_key_missing`; makes no request. */
export const openConnector = (options: OpenConnectorOptions): SourceConnector => {
  const { manifest, source } = options;
  const settings = resolveSettings(manifest, source);
  const { connection, crmClock, nowMs, browser, probe, connectToInstall } = connectSource(options, settings);
  const opened = new Map<TableName, OpenedTable>();
  const pushed = new Map<TableName, TableReader>();
  const idReaders: Partial<Record<TableName, IdReader>> = {};
  const ready = readyTables(manifest);
  const posted = pushedTables(manifest);
  const parentIdOf = ({ parent }: PushedTable) =>
    parent === undefined ? null : ((ready.get(parent.table) ?? posted.get(parent.table))?.id ?? null);
  for (const [name, table] of ready) {
    opened.set(name, createTableReader({ manifest, name, table, parentId: parentIdOf(table), connection }));
    idReaders[name] = createIdReader(table.id);
  }
  for (const [name, table] of posted) {
    pushed.set(name, createPushedTable({ manifest, name, table, parentId: parentIdOf(table), connection }));
    idReaders[name] = createIdReader(table.id);
  }
  const readers = new Map<TableName, TableReader>([...opened, ...pushed]);
  const tables = tableNames.filter((name) => readers.has(name));
  const setup = openWebhook(options, settings, idReaders, connectToInstall);
  return {
    connectorId: manifest.id,
    displayName: manifest.name,
    tables,
    table: (name, urgency) => {
      const reader = readers.get(name);
      if (reader === undefined) throw new AppError('source.table_unknown', { source: source.id, table: name, known: tables.join(', ') });
      return urgency === undefined ? reader : (opened.get(name)?.asUrgentAs(urgency) ?? reader);
    },
    check: createCheck({ manifest, probe, tables: [...opened.values()], crmClock, nowMs }),
    isLinkAllowed: (url) => {
      const parsed = URL.parse(url);
      return parsed !== null && connection.policy.refusal(parsed) === null;
    },
    nowMs: () => crmClock.nowMs(),
    browserSignIn: browser,
    ...setup,
  };
};
