import { readFileSync } from 'node:fs';
import type { OpenConnectorOptions } from '../../../../api/src/crm/connector-options.ts';
import { loadManifest } from '../../../../api/src/crm/manifest/load-manifest.ts';
import type { Manifest } from '../../../../api/src/crm/manifest/schema/manifest.ts';
import { openConnector } from '../../../../api/src/crm/open-connector.ts';
import type { JsonObject, SourceConnector, SourceRecord, TableName } from '../../../../api/src/crm/types.ts';
import { type CrmReply, type CrmRequest, startCrm } from '../../crm/support/crm-server.ts';
import { createMemoryCredentials } from '../../crm/support/memory-credentials.ts';

/** An answer in the shape that the vendor documents, from the connector's `samples`. Each call gives one of its own. */
export const readSample = <Shape extends object = JsonObject>(connector: string, name: string): Shape =>
  JSON.parse(readFileSync(`api/connectors/${connector}/samples/${name}.json`, 'utf8')) as Shape;

export interface ShapeRoute {
  readonly method?: 'POST';
  readonly path: RegExp;
  /** What the documentation lists for it; anything else is answered 400, so that nothing undocumented is relied on. */
  readonly parameters?: readonly string[];
  readonly answer: (request: CrmRequest, match: RegExpExecArray) => CrmReply;
}

/** A CRM that knows only what its documentation says. */
export const startShapeServer = async (routes: readonly ShapeRoute[], headers: () => Readonly<Record<string, string>> = () => ({})) => {
  const once: CrmReply[] = [];
  const answer = (request: CrmRequest): CrmReply => {
    for (const { method = 'GET', path, parameters = [], answer: respond } of routes) {
      const match = method === request.method ? path.exec(request.path) : null;
      if (match === null) continue;
      const unknown = [...request.query.keys()].filter((name) => !parameters.includes(name));
      return unknown.length > 0 ? { status: 400, body: { undocumented: unknown } } : (once.pop() ?? respond(request, match));
    }
    return { status: 404, body: { undocumented: `${request.method} ${request.path}` } };
  };
  const server = await startCrm((request) => {
    const reply = answer(request);
    return { ...reply, headers: { ...headers(), ...reply.headers } };
  });
  return {
    ...server,
    /** The next request is answered so. */
    answerOnce: (reply: CrmReply): void => {
      once.push(reply);
    },
    asked: (path: RegExp) => server.requests.filter((request) => path.test(request.path)),
  };
};

export type ShapeServer = Awaited<ReturnType<typeof startShapeServer>>;

const manifests = new Map<string, Promise<Manifest>>();

/** A connector of the box over that server; it never waits in earnest: sleeping moves its clock. */
export const openShaped = async (
  id: string,
  settings: Readonly<Record<string, string>>,
  rest: Partial<OpenConnectorOptions> = {},
): Promise<{ readonly connector: SourceConnector; readonly slept: readonly number[]; readonly passMs: (ms: number) => void }> => {
  const manifest = manifests.get(id) ?? loadManifest(`api/connectors/${id}/manifest.yaml`);
  manifests.set(id, manifest);
  const slept: number[] = [];
  let aheadMs = 0;
  const passMs = (ms: number): void => {
    aheadMs += ms;
  };
  const connector = openConnector({
    manifest: await manifest,
    source: { id, settings, allowPrivateNetwork: true },
    clock: { nowMs: () => Date.now() + aheadMs },
    credentials: createMemoryCredentials(),
    random: () => 0.5,
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      slept.push(ms);
      passMs(ms);
    },
    ...rest,
  });
  return { connector, slept, passMs };
};

/** What a record's row would hold, by column. */
export const rowOf = (
  connector: SourceConnector,
  table: TableName,
  record: Pick<SourceRecord, 'fields'> | null,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    connector.table(table).columns.map(({ to, read }) => [to.join(','), record === null ? undefined : read(record.fields)]),
  );
