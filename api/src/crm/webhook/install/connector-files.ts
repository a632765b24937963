import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { AppError } from '../../../errors/app-error.ts';
import { type FileScope, fillTemplate } from './fill-template.ts';
import type { HookFile } from './types.ts';

/** Files of this folder are only there for others to include. */
const partsFolder = 'parts/';

/** Every file of a connector's folder, filled in, in the order of their paths. Throws `manifest.unreadable`. */
export const fillFolder = async (folder: string, scope: FileScope): Promise<readonly HookFile[]> => {
  const read = (path: string): Promise<string> =>
    readFile(join(folder, ...path.split('/')), 'utf8').catch(() => {
      throw new AppError('manifest.unreadable', { file: join(folder, path), problem: 'it cannot be read' });
    });
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => {
    throw new AppError('manifest.unreadable', { file: folder, problem: 'the manifest names this folder, and it cannot be read' });
  });
  const paths = found
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .split(sep)
        .join('/'),
    )
    .filter((path) => !path.startsWith(partsFolder))
    .sort();
  return Promise.all(paths.map(async (path) => ({ path, text: await fillTemplate(path, await read(path), scope, read) })));
};
