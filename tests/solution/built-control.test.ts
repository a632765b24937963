import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { readBuiltControl } from '../../solution/src/built-control.ts';
import { controlFiles, removeFolder, writeControl } from './support/control.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('the control that goes into the solution', () => {
  const reading = async (changes: Readonly<Record<string, string | null>> = {}) => {
    const folder = await writeControl(changes);
    try {
      return readBuiltControl(folder);
    } finally {
      await removeFolder(folder);
    }
  };

  it('is named as its publisher, namespace and constructor', async () => {
    const control = await reading();
    expect(control.name).toBe('ccsync_CrmSync.SourceCrmSync');
    expect(control.version).toBe('1.2.3');
    expect([...control.files.keys()]).toEqual(Object.keys(controlFiles).sort());
  });

  it.each<[string, Readonly<Record<string, string | null>>, string]>([
    ['has not been built', { 'ControlManifest.xml': null }, 'The control has not been built'],
    ['lost its bundle', { 'bundle.js': null }, 'The build of the control is not complete: bundle.js is missing'],
    ['lost its strings', { 'strings/SourceCrmSync.1033.resx': null }, 'strings/SourceCrmSync.1033.resx is missing'],
    ['is a development bundle', { 'bundle.js': 'eval("var a = 1")' }, 'bundle.js is a development bundle'],
    [
      'has a manifest that says nothing',
      { 'ControlManifest.xml': '<manifest><control/></manifest>' },
      'names no namespace, constructor or version',
    ],
  ])('is refused when it %s', async (_case, changes, problem) => {
    await expect(reading(changes)).rejects.toThrow(problem);
  });

  it('may speak of evaluation in other words', async () => {
    await expect(reading({ 'bundle.js': 'const medieval = (x) => retrieval(x);' })).resolves.toBeDefined();
  });
});

describe('npm run solution', () => {
  it('makes both packages from the control of this checkout', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [`${root}solution/src/main.ts`]);
    const paths = stdout.trim().split('\n');
    expect(paths).toEqual([
      expect.stringMatching(/^solution\/dist\/CrmSyncForContactCenter_[\d.]+_managed\.zip$/),
      expect.stringMatching(/^solution\/dist\/CrmSyncForContactCenter_[\d.]+_unmanaged\.zip$/),
    ]);
    for (const path of paths) {
      const files = unzipSync(await readFile(`${root}${path}`));
      expect(Object.keys(files)).toContain('Controls/ccsync_CrmSync.SourceCrmSync/bundle.js');
    }
  });
});
