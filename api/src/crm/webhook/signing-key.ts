import type { HmacScheme } from './scheme.ts';

const base64Pattern = /^[A-Za-z0-9+/]+={0,2}$/;
const hexPattern = /^([0-9a-fA-F]{2})+$/;

/** Standard Webhooks 1.0 asks for 24 to 64 bytes. */
const minWhsecBytes = 24;
const maxWhsecBytes = 64;

const decodeBase64 = (text: string): Buffer | null => (base64Pattern.test(text) ? Buffer.from(text, 'base64') : null);

/** A secret's text to the key's bytes; null when it is not written as the scheme wants. Node’s decoders skip what they do not know, so it is checked before. */
export const decodeKey = (secret: string, decode: HmacScheme['key']): Buffer | null => {
  switch (decode) {
    case 'utf8':
      return secret === '' ? null : Buffer.from(secret);
    case 'base64':
      return decodeBase64(secret);
    case 'hex':
      return hexPattern.test(secret) ? Buffer.from(secret, 'hex') : null;
    case 'whsec': {
      const key = secret.startsWith('whsec_') ? decodeBase64(secret.slice('whsec_'.length)) : null;
      return key !== null && key.length >= minWhsecBytes && key.length <= maxWhsecBytes ? key : null;
    }
  }
};
