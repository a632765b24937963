import { readFile } from 'node:fs/promises';
import { AppError } from '../../errors/app-error.ts';
import { describeYamlErrors, readYaml, type YamlError } from '../../yaml/read-yaml.ts';
import { compileShapeCheck, type ShapeCheck } from '../../yaml/schema-problems.ts';
import { expressionKeyword } from './expression-keyword.ts';
import { lintManifest } from './lint.ts';
import { manifestJsonSchema } from './schema.ts';
import type { Manifest } from './schema/manifest.ts';

export type ManifestReading = { readonly manifest: Manifest } | { readonly errors: readonly YamlError[] };

const checkShape = compileShapeCheck<Manifest>(manifestJsonSchema, [expressionKeyword]);

/** What the JSON Schema, the grammars of the expressions in it, and then the lints have to say. */
const check = (value: unknown): ShapeCheck<Manifest> => {
  const shape = checkShape(value);
  if (!('value' in shape)) return shape;
  const problems = lintManifest(shape.value);
  return problems.length === 0 ? shape : { problems };
};

/** Reads a manifest's text; says everything that is wrong with it, in the order of the file. */
export const readManifest = (text: string): ManifestReading => {
  const reading = readYaml(text, check);
  return 'value' in reading ? { manifest: reading.value } : reading;
};

/** Throws `manifest.unreadable`, which names the errors with their lines. */
export const loadManifest = async (file: string): Promise<Manifest> => {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
    throw new AppError('manifest.unreadable', { file, problem: `it cannot be read (${code})` });
  });
  const reading = readManifest(text);
  if ('manifest' in reading) return reading.manifest;
  throw new AppError('manifest.unreadable', { file, problem: describeYamlErrors(reading.errors) });
};
