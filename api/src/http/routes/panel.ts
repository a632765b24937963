import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import Type from 'typebox';
import { AppError } from '../../errors/app-error.ts';
import type { Routes } from '../app.ts';

const options = { config: { access: 'everyone' }, schema: { hide: true } } as const;

/** The control panel: a folder of built files, in which every address without a file extension is the one page. */
export const panelRoutes =
  (folder: string | undefined): Routes =>
  async (app) => {
    const isBuilt = folder !== undefined && existsSync(join(folder, 'index.html'));
    if (isBuilt) await app.register(fastifyStatic, { root: folder, serve: false });

    app.get('/', options, async (_request, reply) => reply.redirect('/panel/'));
    app.get('/panel', options, async (_request, reply) => reply.redirect('/panel/'));
    app.get(
      '/panel/*',
      { ...options, schema: { ...options.schema, params: Type.Object({ '*': Type.String() }) } },
      async (request, reply) => {
        if (!isBuilt) throw new AppError('panel.not_built');
        const path = request.params['*'];
        // Built files carry a hash in their name and never change; the page that names them must be fresh.
        if (extname(path) === '') return reply.sendFile('index.html', { cacheControl: false }).header('cache-control', 'no-cache');
        return reply.sendFile(path, path.startsWith('assets/') ? { maxAge: '365d', immutable: true } : {});
      },
    );
  };
