import { AppError } from '../errors/app-error.ts';
import type { SecretReferenceValue } from './schema.ts';
import { readSecret, type SecretPlaces } from './secrets.ts';

const keyBytes = 32;

const readKey = (setting: string, text: string): Buffer => {
  const bytes = /^[0-9a-f]{64}$/i.test(text.trim()) ? Buffer.from(text.trim(), 'hex') : Buffer.from(text.trim(), 'base64');
  if (bytes.length !== keyBytes)
    throw new AppError('config.secrets_key_invalid', {
      setting,
      problem: `it must be ${keyBytes} bytes in base 64, and is ${bytes.length}`,
    });
  return bytes;
};

/**
 * The keys that seal stored tokens: the first seals, the others open what was sealed before the key was changed.
 * Throws `config.secret_missing` or `config.secrets_key_invalid`; neither shows a key.
 */
export const readSecretsKeys = (
  references: SecretReferenceValue | readonly SecretReferenceValue[] | undefined,
  places: SecretPlaces,
): readonly Buffer[] => {
  if (references === undefined) return [];
  const list: readonly SecretReferenceValue[] = Array.isArray(references) ? references : [references as SecretReferenceValue];
  return list.map((reference, position) => {
    const setting = list.length === 1 ? 'secretsKey' : `secretsKey[${position}]`;
    return readKey(setting, readSecret(setting, reference, places));
  });
};
