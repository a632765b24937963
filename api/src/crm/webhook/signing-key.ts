import { decodeKeyText } from './strict-decode.ts';

/** A key, and what an admin sees of it: the name of its setting. */
export interface NamedKey<Key> {
  readonly label: string;
  readonly key: Key;
}

export type KeyWriting = 'utf8' | 'base64' | 'hex' | 'whsec';

/** Standard Webhooks 1.0 asks for 24 to 64 bytes. */
const minWhsecBytes = 24;
const maxWhsecBytes = 64;

/** A secret's text to the key's bytes; null when it is not written as the scheme wants. */
export const decodeKey = (secret: string, writing: KeyWriting): Buffer | null => {
  switch (writing) {
    case 'utf8':
      return secret === '' ? null : Buffer.from(secret);
    case 'base64':
    case 'hex':
      return decodeKeyText(secret, writing);
    case 'whsec': {
      const key = secret.startsWith('whsec_') ? decodeKeyText(secret.slice('whsec_'.length), 'base64') : null;
      return key !== null && key.length >= minWhsecBytes && key.length <= maxWhsecBytes ? key : null;
    }
  }
};
