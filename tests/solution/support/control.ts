import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const manifest = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<manifest>
  <control namespace="CrmSync" constructor="SourceCrmSync" version="1.2.3" display-name-key="Control_Name" control-type="virtual">
    <resources>
      <code path="bundle.js" order="1"/>
      <platform-library name="React" version="16.14.0"/>
      <resx path="strings/SourceCrmSync.1033.resx" version="1.2.3"/>
    </resources>
    <built-by name="pac" version="1.51.1"/>
  </control>
</manifest>`;

export const controlFiles: Readonly<Record<string, string>> = {
  'ControlManifest.xml': manifest,
  'bundle.js': '/*! For license information please see bundle.js.LICENSE.txt */\nvar pcf_tools = {};',
  'bundle.js.LICENSE.txt': 'MIT',
  'strings/SourceCrmSync.1033.resx': '<root><data name="Control_Name"><value>CRM sync status</value></data></root>',
};

/** A folder as pcf-scripts leaves it, with some files other than usual; null leaves a file out. */
export const writeControl = async (changes: Readonly<Record<string, string | null>> = {}): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'control-'));
  for (const [path, text] of Object.entries<string | null>({ ...controlFiles, ...changes })) {
    if (text === null) continue;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
};

export const removeFolder = (folder: string): Promise<void> => rm(folder, { recursive: true });
