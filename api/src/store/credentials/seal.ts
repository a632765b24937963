import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** A key of 32 bytes. */
export type SealKey = Buffer;

export interface Seal {
  seal(text: string, context: string): string;
  /** null: sealed with a key that we do not have, for another context, or changed. */
  open(sealed: string, context: string): string | null;
}

const version = 'v1';
const nonceBytes = 12;
const tagBytes = 16;

/** Says which key it was, and nothing about the key. */
const keyIdOf = (key: SealKey): string => createHash('sha256').update('crm-sync key id').update(key).digest('hex').slice(0, 16);

/**
 * AES-256-GCM. What is sealed is bound to its context, so that the token of one source cannot be put in another's place. The first key
 * seals; the others still open what was sealed before the key was changed.
 */
export const createSeal = (keys: readonly [SealKey, ...SealKey[]]): Seal => {
  const [current] = keys;
  const currentId = keyIdOf(current);
  const byId = new Map(keys.map((key) => [keyIdOf(key), key]));
  return {
    seal: (text, context) => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', current, nonce, { authTagLength: tagBytes });
      cipher.setAAD(Buffer.from(`${version}.${currentId}.${context}`));
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${version}.${currentId}.${sealed.toString('base64url')}`;
    },
    open: (sealed, context) => {
      const [writtenVersion, keyId = '', body = ''] = sealed.split('.');
      const key = byId.get(keyId);
      const bytes = Buffer.from(body, 'base64url');
      if (writtenVersion !== version || key === undefined || bytes.length < nonceBytes + tagBytes) return null;
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
        decipher.setAAD(Buffer.from(`${version}.${keyId}.${context}`));
        decipher.setAuthTag(bytes.subarray(-tagBytes));
        return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]).toString('utf8');
      } catch {
        return null;
      }
    },
  };
};
