import type { IncomingMessage, ServerResponse } from 'node:http';
import { metadataAnswer, nullTables } from './null-metadata.ts';
import { createWrittenKeys } from './written-keys.ts';

const apiPath = '/api/data/v9.2/';
const target = Buffer.from('"@odata.id"');
const commonHeaders = { 'odata-version': '4.0', 'x-ms-dop-hint': '8' } as const;
const jsonType = 'application/json; odata.metadata=minimal';
const guidOf = (index: number): string => `00000000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`;

const countTargets = (body: Buffer): number => {
  let count = 0;
  for (let at = body.indexOf(target); at >= 0; at = body.indexOf(target, at + target.length)) count += 1;
  return count;
};

/** Every key that is asked for is there. */
const rowsByKey = (path: string): string | undefined => {
  const [, entitySet] = /^([a-z]+)\?/.exec(path) ?? [];
  const primaryId = nullTables.find(({ entitySetName }) => entitySetName === entitySet)?.primaryId;
  if (primaryId === undefined) return undefined;
  const query = decodeURIComponent(path);
  const list = /PropertyValues=(\[[^\]]*\])/.exec(query)?.[1];
  const keys =
    list === undefined ? [...query.matchAll(/ccsync_sourcekey eq '([^']*)'/g)].map(([, key]) => key) : (JSON.parse(list) as string[]);
  return JSON.stringify({ value: keys.map((key, index) => ({ [primaryId]: guidOf(index), ccsync_sourcekey: key })) });
};

const answerGet = (path: string): string | undefined => {
  if (path.startsWith('WhoAmI')) {
    return JSON.stringify({ BusinessUnitId: guidOf(0), UserId: guidOf(1), OrganizationId: guidOf(2) });
  }
  const metadata = metadataAnswer(path);
  return metadata === undefined ? rowsByKey(path) : JSON.stringify(metadata);
};

const requestLine = /^(GET|PATCH) (?:https?:\/\/[^/]+)?\/api\/data\/v9\.2\/(\S+) HTTP\/1\.1\r$/gm;

/** Each request of a `$batch`, answered in order: reads with all that was asked for, writes with 204. */
const answerBatch = (body: string, onWritten: () => void): string => {
  const parts = [...body.matchAll(requestLine)].map(([, method, path = '']) => {
    const head = '--null\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n';
    if (method === 'PATCH') {
      onWritten();
      return `${head}HTTP/1.1 204 No Content\r\nOData-Version: 4.0\r\n\r\n\r\n`;
    }
    return `${head}HTTP/1.1 200 OK\r\nContent-Type: ${jsonType}\r\n\r\n${answerGet(path) ?? '{"value":[]}'}\r\n`;
  });
  return `${parts.join('')}--null--\r\n`;
};

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

/**
 * Dataverse's Web API with no database behind it: everything is written at once and nothing is kept but how much it was, and of which keys
 * where that is asked for.
 */
export const createNullDataverse = ({ remembersKeys = false }: { readonly remembersKeys?: boolean } = {}) => {
  const keys = remembersKeys ? createWrittenKeys() : null;
  let rowsWritten = 0;
  let writeRequests = 0;

  const send = (response: ServerResponse, status: number, type: string, body: string): void => {
    response.writeHead(status, { ...commonHeaders, 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
  };

  const listener = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = request.url ?? '/';
    const body = request.method === 'POST' ? await readBody(request) : undefined;
    if (url === '/statistics')
      return send(response, 200, 'application/json', JSON.stringify({ rowsWritten, writeRequests, byTable: keys?.counts() ?? {} }));
    const path = url.slice(apiPath.length);
    if (body && path.includes('UpsertMultiple')) {
      rowsWritten += countTargets(body);
      keys?.add(body);
      writeRequests += 1;
      response.writeHead(204, commonHeaders).end();
      return undefined;
    }
    if (body && path === '$batch') {
      const answer = answerBatch(body.toString(), () => {
        rowsWritten += 1;
      });
      return send(response, 200, 'multipart/mixed; boundary=null', answer);
    }
    const answer = request.method === 'GET' && url.startsWith(apiPath) ? answerGet(path) : undefined;
    if (answer === undefined) return send(response, 404, jsonType, '{"error":{"code":"0x80060888","message":"Resource not found."}}');
    return send(response, 200, jsonType, answer);
  };

  return (request: IncomingMessage, response: ServerResponse): void => {
    listener(request, response).catch(() => response.destroy());
  };
};
