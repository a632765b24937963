import type { SignatureScheme } from './scheme.ts';
import { decodeStrictly } from './strict-decode.ts';

/** More candidates than any rotation needs would only be work for us. */
const maxCandidates = 16;

export interface SignatureHeader {
  readonly candidates: readonly Buffer[];
  /** From a `t=` pair; null when the scheme has none. */
  readonly timestamp: string | null;
}

const decode = (text: string, encoding: SignatureScheme['signature']['encoding']): readonly Buffer[] => {
  const bytes = decodeStrictly(text, encoding);
  return bytes === null ? [] : [bytes];
};

/** Blanks of HTTP only: `trim` also takes away what a flipped bit can make of a space. */
const trimBlanks = (text: string): string => text.replace(/^[ \t]+|[ \t]+$/g, '');

const readPairs = (header: string, separator: string): ReadonlyMap<string, readonly string[]> => {
  const pairs = new Map<string, string[]>();
  for (const part of header.split(separator)) {
    const equals = part.indexOf('=');
    if (equals < 0) continue;
    const name = trimBlanks(part.slice(0, equals));
    pairs.set(name, [...(pairs.get(name) ?? []), trimBlanks(part.slice(equals + 1))]);
  }
  return pairs;
};

/** What a signature header holds; null when it is not as the scheme says. Unknown versions beside ours are passed over. */
export const readSignatureHeader = (
  header: string,
  { shape, prefix, separator, name, timestampName, encoding }: SignatureScheme['signature'],
): SignatureHeader | null => {
  if (shape === 'pairs') {
    const pairs = readPairs(header, separator);
    const timestamps = timestampName === null ? [] : (pairs.get(timestampName) ?? []);
    // Two timestamps: which one was signed would be the sender's choice.
    if (timestampName !== null && timestamps.length !== 1) return null;
    const candidates = (pairs.get(name) ?? []).slice(0, maxCandidates).flatMap((text) => decode(text, encoding));
    return candidates.length === 0 ? null : { candidates, timestamp: timestamps[0] ?? null };
  }
  const texts = shape === 'list' ? header.split(separator).slice(0, maxCandidates).map(trimBlanks) : [header];
  const ours = shape === 'raw' ? texts : texts.filter((text) => text.startsWith(prefix)).map((text) => text.slice(prefix.length));
  const candidates = ours.flatMap((text) => decode(text, encoding));
  return candidates.length === 0 ? null : { candidates, timestamp: null };
};
