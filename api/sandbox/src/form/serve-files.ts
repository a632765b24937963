import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { FastifyInstance } from 'fastify';

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.xml': 'text/xml; charset=utf-8',
  '.resx': 'text/xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * Serves exactly the files that `list` names (path in the address → file), so no address can climb out of a folder. A browser keeps them
 * and asks each time whether they are still so: then it also keeps what it has compiled of a script, as it does on a real form.
 */
export const serveFiles = (app: FastifyInstance, prefix: string, list: () => Promise<ReadonlyMap<string, string>>): void => {
  app.get<{ Params: { '*': string } }>(`${prefix}*`, async ({ params, headers }, reply) => {
    const file = (await list()).get(params['*']);
    const type = types[extname(params['*'])];
    if (!file || !type) return reply.code(404).type('text/plain').send('There is no such file.');
    const content = await readFile(file);
    const etag = `"${createHash('sha256').update(content).digest('base64url')}"`;
    reply.header('cache-control', 'no-cache').header('etag', etag).type(type);
    return headers['if-none-match'] === etag ? reply.code(304).send() : reply.send(content);
  });
};
