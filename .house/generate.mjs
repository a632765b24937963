// Writes every committed file that is made from another one; with --check only compares, and fails when one is out of date.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import openapiTypescript, { COMMENT_HEADER, astToString } from 'openapi-typescript';
import { manifestJsonSchema } from '../api/src/crm/manifest/schema.ts';
import { errorRegistry } from '../api/src/errors/registry.ts';
import { buildOpenApiDocuments } from '../api/src/http/openapi.ts';
import { conformanceReference } from './conformance-reference.mjs';
import { manifestReference } from './manifest-reference.mjs';
import { childEnvironment, pinnedNode, rootFolder } from './prepare.mjs';

const asJson = (value) => `${JSON.stringify(value, null, 2)}\n`;
const inCell = (text) => text.replaceAll('|', '\\|').replace(/\{(\w+)\}/g, '`{$1}`');

const errorsPage = () => {
  const rows = Object.entries(errorRegistry).map(
    ([code, { status, title, help, isRetryable }]) =>
      `| <a id="${code}"></a>\`${code}\` | ${status} | ${inCell(title)} | ${inCell(help)} | ${isRetryable ? 'yes' : 'no'} |`,
  );
  return `# Errors

Every error of the API, the command line and the control panel, by its code. The code never changes its meaning; the words may.
\`{…}\` is filled in when the error happens. This page is made from \`api/src/errors/registry.ts\` by \`npm run generate\`.

| Code | HTTP | What happened | What you can do | Worth trying again as it is |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
};

const { openapi, swagger } = await buildOpenApiDocuments();
const generated = {
  'api/docs/openapi.json': asJson(openapi),
  'api/docs/swagger.json': asJson(swagger),
  'api/docs/errors.md': errorsPage(),
  'api/client/src/generated/api.d.ts': COMMENT_HEADER + astToString(await openapiTypescript(structuredClone(openapi))),
  'api/connectors/manifest.schema.json': asJson(manifestJsonSchema()),
  'api/docs/reference/manifest.md': manifestReference(),
  'api/docs/reference/conformance.md': conformanceReference(),
};

/** Types of the control's manifest: not committed, but `tsc` needs them, so they are made in either mode when the manifest is newer. */
const ensureManifestTypes = () => {
  const control = join(rootFolder, 'pcf-control');
  const manifest = join(control, 'SourceCrmSync', 'ControlManifest.Input.xml');
  const types = join(control, 'SourceCrmSync', 'generated', 'ManifestTypes.d.ts');
  if (existsSync(types) && statSync(types).mtimeMs >= statSync(manifest).mtimeMs) return;
  const pcfScripts = join(rootFolder, 'node_modules', 'pcf-scripts', 'bin', 'pcf-scripts.js');
  const { status } = spawnSync(pinnedNode, [pcfScripts, 'refreshTypes'], {
    cwd: control,
    env: childEnvironment(),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('pcf-scripts refreshTypes failed');
};

const isOutOfDate = (path) => {
  const file = join(rootFolder, path);
  // A checkout on Windows may hold CRLF.
  return !existsSync(file) || readFileSync(file, 'utf8').replaceAll('\r\n', '\n') !== generated[path];
};

ensureManifestTypes();
const outOfDate = Object.keys(generated).filter(isOutOfDate);
if (process.argv.includes('--check')) {
  if (outOfDate.length > 0) {
    process.stderr.write(`Out of date; npm run generate writes them anew:\n${outOfDate.map((path) => `  ${path}\n`).join('')}`);
    process.exitCode = 1;
  }
} else {
  for (const path of outOfDate) {
    mkdirSync(dirname(join(rootFolder, path)), { recursive: true });
    writeFileSync(join(rootFolder, path), generated[path]);
    process.stdout.write(`${path}\n`);
  }
}
