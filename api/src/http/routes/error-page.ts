import { type ErrorDefinition, errorRegistry } from '../../errors/registry.ts';
import type { Routes } from '../app.ts';

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (character) => escapes[character] ?? character);

const rowOf = ([code, { status, title, help }]: readonly [string, ErrorDefinition]): string =>
  `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${escapeHtml(title)}</td><td>${escapeHtml(help)}</td></tr>`;

const page = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Errors of CRM Sync for Contact Center</title>
<style>body{font:16px/1.5 system-ui,sans-serif;margin:2rem}td,th{text-align:start;vertical-align:top;padding:.3rem .8rem}:target{background:Mark;color:MarkText}</style>
<h1>Errors</h1>
<table><thead><tr><th>Code<th>Status<th>What happened<th>What you can do</thead><tbody>
${Object.entries(errorRegistry).map(rowOf).join('\n')}
</tbody></table></html>
`;

/** Where the `type` of every problem leads to. */
export const errorPageRoutes: Routes = async (app) => {
  app.get('/docs/errors', { config: { access: 'everyone' }, schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(page),
  );
};
