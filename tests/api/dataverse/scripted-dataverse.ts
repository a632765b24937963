import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a test's script may answer instead of the ordinary answer. */
export type Fault =
  | { readonly kind: 'answer'; readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  /** The connection breaks before anything was done. */
  | { readonly kind: 'reset' }
  /** All is done and committed, but the answer breaks off. */
  | { readonly kind: 'lose answer' }
  /** The answer waits until the promise resolves. */
  | { readonly kind: 'hold'; readonly until: Promise<void> };

export interface SeenRequest {
  readonly method: string;
  /** After `/api/data/v9.2/`. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Source keys that it writes, in order. */
  readonly keys: readonly string[];
}

export interface RowRefusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Script {
  fault?: (request: SeenRequest, index: number) => Fault | undefined;
  /** Why a row is refused, in a bulk message and in a `$batch` alike. */
  refuseRow?: (row: WrittenRow, way: 'bulk' | 'single') => RowRefusal | undefined;
}

export interface WrittenRow {
  readonly key: string;
  readonly columns: Readonly<Record<string, unknown>>;
}

export interface ScriptedDataverse {
  readonly url: string;
  readonly requests: SeenRequest[];
  readonly rows: Map<string, Readonly<Record<string, unknown>>>;
  readonly script: Script;
  /** How often a row was written by two requests at the same time, and the most requests under way at once. */
  readonly overlaps: { sameRow: number; mostAtOnce: number };
  close(): Promise<void>;
}

const keyIn = (address: string): string => {
  const literal = /\(ccsync_sourcekey='(.*)'\)$/.exec(address)?.[1];
  if (literal === undefined) throw new Error(`no source key in ${address}`);
  return decodeURIComponent(literal).replaceAll("''", "'");
};

interface BatchedPatch {
  readonly row: WrittenRow;
  readonly isUpdateOnly: boolean;
}

const readPatches = (body: string): readonly BatchedPatch[] =>
  body
    .split(/--batch_[0-9a-f-]+/)
    .slice(1, -1)
    .map((part) => {
      const [, request = '', json = ''] = part.split('\r\n\r\n');
      const address = /^PATCH (\S+) HTTP/.exec(request)?.[1] ?? '';
      return {
        row: { key: keyIn(address), columns: JSON.parse(json) as WrittenRow['columns'] },
        isUpdateOnly: request.includes('If-Match: *'),
      };
    });

const readTargets = (body: string): readonly WrittenRow[] => {
  const { Targets } = JSON.parse(body) as { readonly Targets: readonly Record<string, unknown>[] };
  return Targets.map(({ '@odata.id': id, '@odata.type': type, ...columns }) => {
    if (type !== 'Microsoft.Dynamics.CRM.contact') throw new Error(`a target of type ${String(type)}`);
    return { key: keyIn(String(id)), columns };
  });
};

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const noSuchRow: RowRefusal = {
  status: 404,
  code: '0x80060891',
  message: 'A record with the specified key values does not exist in contact entity',
};
const whoAmI: Answer = { status: 200, body: JSON.stringify({ UserId: 'user', BusinessUnitId: 'unit', OrganizationId: 'org' }) };

const errorBody = ({ code, message }: RowRefusal): string => JSON.stringify({ error: { code, message } });

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

/**
 * As much of Dataverse as the writer meets, with a script that can make every request go wrong. What the real one answers is the
 * sandbox's business; this is for what a sandbox cannot do on demand.
 */
export const startScriptedDataverse = async (): Promise<ScriptedDataverse> => {
  const requests: SeenRequest[] = [];
  const rows: ScriptedDataverse['rows'] = new Map();
  const script: Script = {};
  const overlaps = { sameRow: 0, mostAtOnce: 0 };
  const underWay = new Map<string, number>();
  let requestsUnderWay = 0;

  const writeBulk = (targets: readonly WrittenRow[]): Answer => {
    const refusal = targets.map((row) => script.refuseRow?.(row, 'bulk')).find((found) => found !== undefined);
    if (refusal) return { status: refusal.status, body: errorBody(refusal), ...(refusal.headers ? { headers: refusal.headers } : {}) };
    for (const { key, columns } of targets) rows.set(key, { ...rows.get(key), ...columns });
    return { status: 204 };
  };

  const writeBatch = (patches: readonly BatchedPatch[]): Answer => {
    const parts = patches.map(({ row, isUpdateOnly }) => {
      const refusal = isUpdateOnly && !rows.has(row.key) ? noSuchRow : script.refuseRow?.(row, 'single');
      if (refusal) {
        const headers = Object.entries(refusal.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
        return `HTTP/1.1 ${refusal.status} Refused\r\nContent-Type: application/json\r\n${headers.join('')}\r\n${errorBody(refusal)}`;
      }
      rows.set(row.key, { ...rows.get(row.key), ...row.columns });
      return 'HTTP/1.1 204 No Content\r\nOData-Version: 4.0\r\n\r\n';
    });
    const head = 'Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n';
    const body = `${parts.map((part) => `--batchresponse_1\r\n${head}${part}\r\n`).join('')}--batchresponse_1--\r\n`;
    return { status: 200, body, headers: { 'content-type': 'multipart/mixed; boundary=batchresponse_1' } };
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    const path = (request.url ?? '').replace('/api/data/v9.2/', '');
    const targets = path.endsWith('UpsertMultiple') ? readTargets(body) : [];
    const patches = path === '$batch' ? readPatches(body) : [];
    const keys = [...targets, ...patches.map(({ row }) => row)].map(({ key }) => key);
    const seen: SeenRequest = { method: request.method ?? '', path, headers: request.headers, body, keys };
    const index = requests.push(seen) - 1;
    const fault = script.fault?.(seen, index);
    if (fault?.kind === 'reset') {
      request.socket.destroy();
      return;
    }
    for (const key of keys) {
      const holders = (underWay.get(key) ?? 0) + 1;
      underWay.set(key, holders);
      if (holders > 1) overlaps.sameRow += 1;
    }
    requestsUnderWay += 1;
    overlaps.mostAtOnce = Math.max(overlaps.mostAtOnce, requestsUnderWay);
    // One turn at least, or no two requests would ever be under way together.
    if (fault?.kind === 'hold') await fault.until;
    else await new Promise((resolve) => setImmediate(resolve));
    const answer =
      fault?.kind === 'answer' ? fault : path === 'WhoAmI' ? whoAmI : patches.length > 0 ? writeBatch(patches) : writeBulk(targets);
    for (const key of keys) underWay.set(key, (underWay.get(key) ?? 1) - 1);
    requestsUnderWay -= 1;
    if (fault?.kind === 'lose answer') {
      // The beginning of an answer goes out, then the line is cut.
      response.writeHead(200, { 'content-length': '1000' }).write('{', () => request.socket.destroy());
      return;
    }
    response.writeHead(answer.status, { 'x-ms-dop-hint': '4', req_id: 'ref-1', ...answer.headers }).end(answer.body);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.writeHead(418).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    rows,
    script,
    overlaps,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
