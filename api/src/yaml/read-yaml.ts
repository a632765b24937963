import { LineCounter, parseDocument } from 'yaml';
import type { ShapeCheck } from './schema-problems.ts';
import { createPlaceFinder, showPath, type YamlPlace } from './source-lines.ts';

export interface YamlError extends YamlPlace {
  /** Where, as `tables.account.id`; empty for the whole file. */
  readonly path: string;
  readonly problem: string;
}

export type YamlReading<Value> = { readonly value: Value } | { readonly errors: readonly YamlError[] };

const maxBytes = 256 * 1024;

/** Reads a YAML text and has it checked; says everything that is wrong with it, in the order of the file. */
export const readYaml = <Value>(text: string, check: (value: unknown) => ShapeCheck<Value>): YamlReading<Value> => {
  if (Buffer.byteLength(text) > maxBytes) return { errors: [{ line: 1, column: 1, path: '', problem: 'it may have at most 256 KiB' }] };
  const lines = new LineCounter();
  // No merge keys and no custom tags: what stands there is what is meant. Aliases work within the file.
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    uniqueKeys: true,
    merge: false,
    prettyErrors: false,
    lineCounter: lines,
  });
  const yamlErrors = [...document.errors, ...document.warnings];
  if (yamlErrors.length > 0) {
    return {
      errors: yamlErrors.map(({ message, pos }) => {
        const { line, col } = lines.linePos(pos[0]);
        return { line, column: col, path: '', problem: message };
      }),
    };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return { errors: [{ line: 1, column: 1, path: '', problem: error instanceof Error ? error.message : String(error) }] };
  }
  const checked = check(value);
  if ('value' in checked) return checked;
  const placeOf = createPlaceFinder(document, lines);
  const errors = checked.problems.map(({ path, problem }) => ({ ...placeOf(path), path: showPath(path), problem }));
  return { errors: errors.toSorted((one, other) => one.line - other.line || one.column - other.column) };
};

const maxShown = 5;

/** `line 3: dataverse: “url” is missing; line 7: …`, for an error's text. */
export const describeYamlErrors = (errors: readonly YamlError[]): string => {
  const shown = errors
    .slice(0, maxShown)
    .map(({ line, path, problem }) => `line ${line}: ${path === '' ? problem : `${path}: ${problem}`}`);
  return [...shown, ...(errors.length > maxShown ? [`and ${errors.length - maxShown} more`] : [])].join('; ');
};
