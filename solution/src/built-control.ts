import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { publisher } from './definition/publisher.ts';
import { SolutionProblem } from './problem.ts';

export interface BuiltControl {
  /** `<publisher prefix>_<namespace>.<constructor>`. */
  readonly name: string;
  readonly version: string;
  /** Paths from the control's folder, with forward slashes, sorted. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

const readFolder = (folder: string): ReadonlyMap<string, Uint8Array> =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(folder.length + 1).replaceAll(sep, '/'), path] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, path]) => [name, readFileSync(path)]),
  );

const attributeOf = (element: string, name: string): string | undefined => element.match(new RegExp(`\\s${name}="([^"]+)"`))?.[1];

/**
 * The control as pcf-scripts built it, to go into the solution unchanged. Refuses what an environment would refuse, or would run
 * badly: no build, a development bundle (its `eval` falls to the content security policy), a file that the manifest names and is not there.
 */
export const readBuiltControl = (folder: string): BuiltControl => {
  if (!existsSync(join(folder, 'ControlManifest.xml'))) {
    throw new SolutionProblem(
      `The control has not been built: there is no ControlManifest.xml in ${folder}. \`npm run solution\` builds it.`,
    );
  }
  const files = readFolder(folder);
  const manifest = Buffer.from(files.get('ControlManifest.xml') ?? []).toString('utf8');
  const control = manifest.match(/<control\s[^>]*>/)?.[0] ?? '';
  const namespace = attributeOf(control, 'namespace');
  const constructor = attributeOf(control, 'constructor');
  const version = attributeOf(control, 'version');
  if (!namespace || !constructor || !version)
    throw new SolutionProblem('The built ControlManifest.xml names no namespace, constructor or version.');

  for (const [resource] of manifest.matchAll(/<(?:code|css|resx|img|html)\s[^>]*>/g)) {
    const path = attributeOf(resource, 'path');
    if (!path || !files.has(path)) throw new SolutionProblem(`The build of the control is not complete: ${path ?? resource} is missing.`);
  }
  for (const [path, bytes] of files) {
    if (path.endsWith('.js') && /\beval\s*\(/.test(Buffer.from(bytes).toString('utf8'))) {
      throw new SolutionProblem(`${path} is a development bundle (it uses eval). Build the control with --buildMode production.`);
    }
  }
  return { name: `${publisher.prefix}_${namespace}.${constructor}`, version, files };
};
