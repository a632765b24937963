/** Bytes as text. */
export type Encoding = 'hex' | 'base64' | 'base64url';

/** Either all small or all capital letters: mixed ones are what a flipped bit leaves behind. */
const hexPattern = /^(?:(?:[0-9a-f]{2})+|(?:[0-9A-F]{2})+)$/;

/** Base64 in groups of four, as some write it and some do not. */
const withPadding = (text: string): string => text.padEnd(Math.ceil(text.length / 4) * 4, '=');

/**
 * null when the text is not exactly what these bytes are written as. Node's decoders pass over what they do not know, and the last
 * character of base64 has bits that mean nothing: several texts would be one signature.
 */
export const decodeStrictly = (text: string, encoding: Encoding): Buffer | null => {
  if (text === '') return null;
  if (encoding === 'hex') return hexPattern.test(text) ? Buffer.from(text, 'hex') : null;
  const bytes = Buffer.from(text, encoding);
  const canonical = bytes.toString(encoding);
  return text === canonical || (encoding === 'base64url' && text === withPadding(canonical)) ? bytes : null;
};

/** A key that somebody has typed in: its padding may be missing. */
export const decodeKeyText = (text: string, encoding: 'hex' | 'base64'): Buffer | null =>
  decodeStrictly(encoding === 'base64' ? withPadding(text) : text, encoding);
