import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { promisify } from 'node:util';

const built = join(process.cwd(), 'pcf-control/out/controls/SourceCrmSync');

const readBundle = async (): Promise<string> => {
  try {
    return await readFile(join(built, 'bundle.js'), 'utf8');
  } catch (cause) {
    throw new Error('The control is not built: `npm test` and `npm run demo` build it', { cause });
  }
};

const ownCode = async (): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, ['tests/house/support/control-own-code.ts'], {
    // jest says "test", and libraries then carry what they tell developers.
    env: { ...process.env, NODE_ENV: 'production' },
    maxBuffer: 10_000_000,
  });
  return stdout;
};

describe('the built control', () => {
  it('is below 110 kB as it travels, with the sign-in library', async () => {
    expect(gzipSync(await readBundle()).byteLength).toBeLessThan(110_000);
  });

  it('is below 60 kB without the sign-in library, before it is compressed', async () => {
    const code = await ownCode();
    expect(code).toContain('ccsync_sourcemodifiedon');
    expect(Buffer.byteLength(code)).toBeLessThan(60_000);
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
