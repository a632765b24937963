import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { rootFolder } from '../support/ready-process.ts';

/** Folders that are made or installed, and thus not part of the repository. */
const madeFolders = new Set(['node_modules', '.git', 'out', 'dist', 'generated', 'coverage', 'state']);

const markdownFiles = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = entries.map(async (entry): Promise<readonly string[]> => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return madeFolders.has(entry.name) ? [] : markdownFiles(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
  return (await Promise.all(found)).flat();
};

/** Code is shown as it stands: what looks like a link in it is none. */
const withoutCode = (text: string): string => text.replaceAll(/^ *```[\s\S]*?^ *```/gm, '').replaceAll(/`[^`\n]*`/g, '');

/** Targets of `[…](target)` and `![…](target)`. */
const targetsIn = (text: string): readonly string[] =>
  [...withoutCode(text).matchAll(/\]\(([^()\s]+)(?:\s+"[^"]*")?\)/g)].flatMap(([, target]) => target ?? []);

/** As GitHub makes a heading's anchor. */
const anchorsIn = (text: string): ReadonlySet<string> =>
  new Set(
    [...text.matchAll(/^#+ +(.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, '')
        .replaceAll(/\s/g, '-'),
    ),
  );

const isReached = (file: string, target: string): boolean => {
  const [path = '', anchor] = target.split('#');
  const linked = path === '' ? file : join(dirname(file), decodeURIComponent(path));
  if (!existsSync(linked)) return false;
  return anchor === undefined || !linked.endsWith('.md') || anchorsIn(readFileSync(linked, 'utf8')).has(anchor);
};

describe('the documents', () => {
  it('link only to files, pictures and headings that are there', async () => {
    const files = await markdownFiles(rootFolder);
    const broken = files.flatMap((file) =>
      targetsIn(readFileSync(file, 'utf8'))
        .filter((target) => !/^[a-z][a-z+.-]*:/i.test(target) && !isReached(file, target))
        .map((target) => `${relative(rootFolder, file)} → ${target}`),
    );
    expect(files.length).toBeGreaterThan(5);
    expect(broken).toEqual([]);
  });

  it('name no folder of the machine that they were written on', async () => {
    const files = await markdownFiles(rootFolder);
    const named = files.filter((file) => /(?<![\w.:/-])\/(?:work|home|root|Users|tmp)\/|[A-Z]:\\Users\\/.test(readFileSync(file, 'utf8')));
    expect(named.map((file) => relative(rootFolder, file))).toEqual([]);
  });

  it('and the lock file names no registry: packages come from whichever the machine is set up for', () => {
    const lock = readFileSync(join(rootFolder, 'package-lock.json'), 'utf8');
    const resolved = [...lock.matchAll(/"resolved": "([^"]+)"/g)].map(([, target = '']) => target);
    // Only our own workspaces are resolved, to their folders.
    expect(resolved.length).toBeGreaterThan(0);
    expect(resolved.filter((target) => !existsSync(join(rootFolder, target)))).toEqual([]);
  });
});
