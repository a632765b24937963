import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const built = join(process.cwd(), 'pcf-control/out/controls/SourceCrmSync');

const readBundle = async (): Promise<string> => {
  try {
    return await readFile(join(built, 'bundle.js'), 'utf8');
  } catch (cause) {
    throw new Error('The control is not built: `npm test` and `npm run demo` build it', { cause });
  }
};

/** What is ours in it, and small libraries: built once more with all that is large left outside. */
const ownPart = (): string => {
  const program = `
    import { build } from 'vite';
    const external = [/^react/, /^@fluentui/, /^@azure\\//];
    const lib = { entry: 'pcf-control/SourceCrmSync/index.ts', formats: ['iife'], name: 'control' };
    const options = { write: false, minify: true, lib, rollupOptions: { external } };
    const [{ output }] = await build({ configFile: false, logLevel: 'error', build: options });
    process.stdout.write(output.map(({ code = '' }) => code).join(''));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  if (!stdout.includes('ccsync_syncrequest')) throw new Error(`the control could not be measured: ${stderr}`);
  return stdout;
};

const asFetched = (code: string): number => gzipSync(code, { level: 9 }).byteLength;

describe('the built control', () => {
  it('is below 110 kB as a browser fetches it, with the sign-in library', async () => {
    const bundle = await readBundle();
    expect(bundle).toContain('msal');
    expect(asFetched(bundle)).toBeLessThan(110_000);
  });

  it('is below 60 kB as a browser fetches it, without the sign-in library', () => {
    expect(asFetched(ownPart())).toBeLessThan(60_000);
  });

  it('takes React and Fluent from the platform and carries neither', async () => {
    const bundle = await readBundle();
    expect(bundle).toContain('Reactv16');
    expect(bundle).toContain('FluentUIReactv81211');
    // What react-dom, React and Fluent say when they are bundled by mistake.
    for (const trace of ['react-dom', '__SECRET_INTERNALS', 'findDOMNode', 'ms-Layer']) expect(bundle).not.toContain(trace);
  });

  it('runs under a strict content security policy', async () => {
    expect(await readBundle()).not.toMatch(/\beval\(|new Function\(/);
  });

  it('registers under the name that the manifest gives', async () => {
    const manifest = await readFile(join(built, 'ControlManifest.xml'), 'utf8');
    expect(manifest).toMatch(/namespace="CrmSync" constructor="SourceCrmSync"/);
    expect(await readBundle()).toContain("registerControl('CrmSync.SourceCrmSync'");
  });
});
