import { readFile } from 'node:fs/promises';
import { loadManifest } from '../../../../api/src/crm/manifest/load-manifest.ts';
import { openConnector } from '../../../../api/src/crm/open-connector.ts';
import type { JsonObject, JsonValue, SourceConnector, SourceRecord, TableName } from '../../../../api/src/crm/types.ts';
import { type CrmReply, type CrmRequest, type CrmServer, startCrm } from '../../crm/support/crm-server.ts';

/** An answer as the vendor's documentation shows it, with invented names. */
export const readSample = async <Body>(connector: string, name: string): Promise<Body> =>
  JSON.parse(await readFile(`api/connectors/${connector}/samples/${name}.json`, 'utf8')) as Body;

export interface DocumentedCrm extends CrmServer {
  /** The next request gets this, whatever it is. */
  answerNext(reply: CrmReply): void;
  /** What was asked since the last look, as `GET /path?query` and the like. */
  takeRequests(): readonly CrmRequest[];
}

/** A server that signs callers in as the vendor does, and answers as the test says its documentation does. */
export const startDocumentedCrm = async (options: {
  readonly authorisation: string;
  readonly unauthorised: CrmReply;
  readonly answer: (request: CrmRequest) => CrmReply;
}): Promise<DocumentedCrm> => {
  const ordered: CrmReply[] = [];
  let seen = 0;
  const crm = await startCrm((request) => {
    if (request.headers.authorization !== options.authorisation) return options.unauthorised;
    return ordered.shift() ?? options.answer(request);
  });
  return {
    ...crm,
    answerNext: (reply) => {
      ordered.push(reply);
    },
    takeRequests: () => {
      const fresh = crm.requests.slice(seen);
      seen = crm.requests.length;
      return fresh;
    },
  };
};

/** As the product opens it, but nobody waits: sleeping moves the clock. */
export const openDocumented = async (
  id: string,
  settings: Readonly<Record<string, string>>,
): Promise<{ readonly connector: SourceConnector; readonly slept: readonly number[] }> => {
  const slept: number[] = [];
  let aheadMs = 0;
  const connector = openConnector({
    manifest: await loadManifest(`api/connectors/${id}/manifest.yaml`),
    source: { id, settings, allowPrivateNetwork: true },
    clock: { nowMs: () => Date.now() + aheadMs },
    random: () => 0.5,
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      slept.push(ms);
      aheadMs += ms;
    },
  });
  return { connector, slept };
};

/** What goes into each column; a column that the CRM did not mention is left out. */
export const rowOf = (connector: SourceConnector, table: TableName, record: SourceRecord | null): Readonly<Record<string, JsonValue>> => {
  const fields: JsonObject = record?.fields ?? {};
  return Object.fromEntries(
    connector.table(table).columns.flatMap(({ to, read }) => {
      const value = read(fields);
      return value === undefined ? [] : [[to.join(' '), value]];
    }),
  );
};
