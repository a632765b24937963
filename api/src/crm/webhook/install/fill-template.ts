import { AppError } from '../../../errors/app-error.ts';

/** What a file of a connector's folder may name. */
export interface FileScope {
  /** By name, as in {{address}}. */
  readonly values: Readonly<Record<string, string>>;
  /** By the `what` of a resource: its items, for {{#each what}}…{{/each}}. */
  readonly lists: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>;
}

type Escape = (text: string) => string;

const jsonText: Escape = (text) => JSON.stringify(text).slice(1, -1);
/** Apex, C#, JavaScript and Python read these escapes alike, in single quotes and in double ones. */
const codeText: Escape = (text) => jsonText(text).replaceAll("'", "\\'");
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
const xmlText: Escape = (text) => text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign);
/** Inside of single quotes. */
const shellText: Escape = (text) => text.replaceAll("'", String.raw`'\''`);

const escapes: Readonly<Record<string, Escape>> = {
  json: jsonText,
  xml: xmlText,
  sh: shellText,
  ...Object.fromEntries(['apex', 'cls', 'trigger', 'cs', 'js', 'mjs', 'py'].map((ending) => [ending, codeText])),
};

const endingOf = (path: string): string => path.split('.').at(-1)?.toLowerCase() ?? '';
const escapeFor = (path: string): Escape => escapes[endingOf(path)] ?? ((text) => text);

/** What separates the repeats of a section, where a language wants something between. */
const separatorFor = (path: string): string => (endingOf(path) === 'json' ? ',' : '');

const section = /\{\{#each ([\w -]+)\}\}([\s\S]*?)\{\{\/each\}\}/g;
const slot = /\{\{([^{}]*)\}\}/g;

/**
 * Fills a file of a connector's folder. How values are written is decided by the file's ending, so that none can end the text that it
 * stands in, whatever the author of the file thought of. `{{include path}}` puts another file in, filled by its own ending first and
 * written by this one's after that. Throws `manifest.unreadable` for a name that is not known.
 */
export const fillTemplate = async (
  path: string,
  text: string,
  scope: FileScope,
  read: (path: string) => Promise<string>,
  /** The files that this one is included by. */
  around: readonly string[] = [],
): Promise<string> => {
  const escape = escapeFor(path);
  const fail = (problem: string): AppError => new AppError('manifest.unreadable', { file: path, problem });
  const valueOf = (name: string, values: FileScope['values']): string => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw fail(`{{${name}}} is not known here; known are ${Object.keys(values).join(', ')}`);
    return escape(value);
  };
  const repeated = text.replaceAll(section, (_whole, name: string, inner: string) => {
    const items = Object.hasOwn(scope.lists, name) ? scope.lists[name] : undefined;
    if (items === undefined) throw fail(`there is no list “${name}”; known are ${Object.keys(scope.lists).join(', ')}`);
    return items
      .map((item) => inner.replaceAll(/\{\{item\.(\w+)\}\}/g, (_slot, member: string) => valueOf(member, item)))
      .join(separatorFor(path));
  });
  const pieces = repeated.split(slot);
  // A split by a pattern with one group gives text and slots in turn.
  const filled = await Promise.all(
    pieces.map(async (piece, position) => {
      if (position % 2 === 0) return piece;
      const included = /^include ([\w./-]+)$/.exec(piece)?.[1];
      if (included === undefined) return valueOf(piece, scope.values);
      // A connector may come from elsewhere: it shows what is in its own folder, and no other file of this machine.
      if (included.split('/').some((part) => part === '' || part === '.' || part === '..'))
        throw fail(`“${included}” leads out of the folder`);
      if ([...around, path].includes(included)) throw fail(`“${included}” includes itself`);
      return escape(await fillTemplate(included, await read(included), scope, read, [...around, path]));
    }),
  );
  return filled.join('');
};
