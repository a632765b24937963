/** The sandbox's sample app: pages under /form that look like a model-driven app and host the real, built control. */
import { readFile, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type FormSettings, contentSecurityPolicy, formPage, galleryPage, listPage, notBuiltPage } from './pages.ts';
import { serveFiles } from './serve-files.ts';

const here = dirname(fileURLToPath(import.meta.url));
const repositoryFolder = join(here, '../../../..');
const formScript = join(repositoryFolder, 'solution/src/web-resources/form-events.ts');
const requireFromHere = createRequire(import.meta.url);

/** What the platform brings: React 17.0.2 and Fluent 8.121.1, as in model-driven apps. */
const platformFiles: Readonly<Record<string, string>> = {
  'react.js': requireFromHere.resolve('react/umd/react.production.min.js'),
  'react-dom.js': requireFromHere.resolve('react-dom/umd/react-dom.production.min.js'),
  // Not among the package's exports, hence by way of its package.json.
  'fluent.js': join(dirname(requireFromHere.resolve('@fluentui/react/package.json')), 'dist/fluentui-react.umd.js'),
};

const filesIn = async (folder: string): Promise<readonly string[]> => {
  try {
    return await readdir(folder, { recursive: true });
  } catch {
    return [];
  }
};

export interface AttachFormOptions extends FormSettings {
  /** Where pcf-scripts puts the built control; for tests of what happens without one. */
  readonly controlFolder?: string;
}

/**
 * Adds the sample app to the sandbox's Dataverse, so that its pages and the Web API share an origin as they do in the real one:
 * `/form` lists accounts and contacts, `/form/{table}/{rowId}` shows one row with the control on it, `/form/gallery` the control in every
 * state. Query, each a switch on the form: `user` = agent (default), admin, reader or restricted · `lang` = LCID, e.g. 1049 · `theme=dark` ·
 * `width` in pixels · `layout=full` · `transport=dataverse` · and with `=1`: `rtl`, `offline`, `readonly`, `new`, `masked`, `hidden`,
 * `phone`, `norow`, `noevents`, `noaddress`.
 */
export const attachForm = (app: FastifyInstance, options: AttachFormOptions): void => {
  const { controlFolder = join(repositoryFolder, 'pcf-control/out/controls/SourceCrmSync'), ...settings } = options;
  const policy = contentSecurityPolicy(settings);

  void app.register(
    async (form) => {
      form.addHook('onSend', async (_request, reply) => {
        reply.header('content-security-policy', policy).header('x-content-type-options', 'nosniff');
        if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
      });
      // Listed at each request: the control may be rebuilt while the sandbox runs.
      serveFiles(
        form,
        '/control/',
        async () => new Map((await filesIn(controlFolder)).map((name) => [name.replaceAll('\\', '/'), join(controlFolder, name)])),
      );
      serveFiles(form, '/page/', async () => new Map((await filesIn(join(here, 'page'))).map((name) => [name, join(here, 'page', name)])));
      serveFiles(form, '/platform/', async () => new Map(Object.entries(platformFiles)));

      // The solution's own form script. The compiler is large and needed for nothing else here, so it comes with the first request.
      form.get('/solution/form-events.js', async (_request, reply) => {
        const { default: ts } = await import('typescript');
        const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.None };
        const { outputText } = ts.transpileModule(await readFile(formScript, 'utf8'), { compilerOptions });
        return reply.type('text/javascript; charset=utf-8').send(outputText);
      });

      form.get('/', async (_request, reply) => reply.type('text/html; charset=utf-8').send(listPage(settings)));
      const hosting = async (reply: FastifyReply, html: string): Promise<string> => {
        reply.type('text/html; charset=utf-8');
        if ((await filesIn(controlFolder)).includes('bundle.js')) return html;
        reply.code(503);
        return notBuiltPage(settings);
      };
      form.get('/gallery', (_request, reply) => hosting(reply, galleryPage(settings)));
      form.get<{ Params: { table: string; rowId: string } }>('/:table/:rowId', async ({ params }, reply) => {
        if (params.table !== 'account' && params.table !== 'contact')
          return reply.code(404).type('text/html; charset=utf-8').send(listPage(settings));
        return hosting(reply, formPage(settings));
      });
    },
    { prefix: '/form' },
  );
};
