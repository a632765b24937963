import { readFileSync } from 'node:fs';
import { AppError } from '../errors/app-error.ts';
import type { SecretReferenceValue } from './schema.ts';

export interface SecretPlaces {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Makes a relative path absolute. */
  readonly resolvePath: (path: string) => string;
}

/** The secret itself. Throws `config.secret_missing`, which names the place and never the value. */
export const readSecret = (setting: string, reference: SecretReferenceValue, places: SecretPlaces): string => {
  if ('env' in reference) {
    const value = places.environment[reference.env];
    if (value === undefined || value === '') {
      throw new AppError('config.secret_missing', { setting, where: `environment variable ${reference.env}` });
    }
    return value;
  }
  try {
    // Editors and `echo` end a file with a line break that is no part of the secret.
    const value = readFileSync(places.resolvePath(reference.file), 'utf8').replace(/\r?\n$/, '');
    if (value !== '') return value;
  } catch (error) {
    throw new AppError('config.secret_missing', { setting, where: `file ${reference.file}` }, error);
  }
  throw new AppError('config.secret_missing', { setting, where: `file ${reference.file}` });
};
