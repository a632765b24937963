import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const built = join(process.cwd(), 'pcf-control/out/controls/SourceCrmSync');

const readBundle = async (): Promise<string> => {
  try {
    return await readFile(join(built, 'bundle.js'), 'utf8');
  } catch (cause) {
    throw new Error('The control is not built: `npm test` and `npm run demo` build it', { cause });
  }
};

describe('the built control', () => {
  it('is below 60 kB', async () => {
    expect(Buffer.byteLength(await readBundle())).toBeLessThan(60_000);
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
