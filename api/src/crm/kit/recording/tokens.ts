import type { SettingBody } from '../../manifest/schema/connection.ts';
import type { Manifest } from '../../manifest/schema/manifest.ts';
import type { Faker } from './fake-values.ts';

/** Where the CRM is, in a recording: a host that is nowhere, and that a manifest's `pattern` for addresses lets pass. */
export const recordedOrigin = 'https://recording.localhost';
const recordedHost = 'recording.localhost';

/** Shorter ones would be found inside of other words. */
const leastInside = 8;
const leastPiece = 2;

/**
 * Values that go round between answers and requests, such as cursors, with what stands for them: wherever one turns up it is the same, so
 * that a request made from a scrubbed answer is the scrubbed request.
 */
export interface Tokens {
  /** Gives the stand-in. */
  add(real: string): string;
  /** With every value replaced: the whole text, or parts of it. */
  replaceIn(text: string): string;
}

export const createTokens = (faker: Faker, known: ReadonlyMap<string, string>): Tokens => {
  const tokens = new Map(known);
  return {
    add: (real) => {
      const fake = tokens.get(real) ?? faker.text(real);
      tokens.set(real, fake);
      return fake;
    },
    replaceIn: (text) => {
      const whole = tokens.get(text);
      if (whole !== undefined) return whole;
      // Requests join several: `a,b`, `["a","b"]`, `IN ('a','b')`.
      let replaced = text
        .split(/([,;|'"()[\]\s]+)/)
        .map((piece) => (piece.length < leastPiece ? piece : (tokens.get(piece) ?? piece)))
        .join('');
      for (const [real, fake] of tokens) if (real.length >= leastInside) replaced = replaced.replaceAll(real, fake);
      return replaced;
    },
  };
};

const standInFor = (name: string, { type, pattern, choices }: SettingBody, real: string, faker: Faker): string => {
  switch (type) {
    case 'secret':
      return `recorded-${name}`;
    case 'url':
      return `${recordedOrigin}${(URL.parse(real)?.pathname ?? '').replace(/\/+$/, '')}`;
    case 'host':
      return recordedHost;
    case 'choice':
      return choices?.includes(real) === true ? real : '';
    case 'number':
    case 'boolean':
      return real;
    case 'text':
      break;
  }
  const fake = faker.text(real);
  // A fake that the pattern refuses would make the recording useless; what has a pattern is a region or a number, not a name.
  return pattern === undefined || new RegExp(`^(?:${pattern})$`, 'u').test(fake) ? fake : real;
};

/** Stand-ins for a source's settings, by name: secrets always, addresses always, texts wherever the manifest takes others. */
export const standInsFor = (
  manifest: Manifest,
  settings: Readonly<Record<string, string>>,
  faker: Faker,
): Readonly<Record<string, string>> => {
  const declared = new Map(Object.entries(manifest.connection.settings ?? {}));
  return Object.fromEntries(
    Object.entries(settings).map(([name, real]) => {
      const setting = declared.get(name);
      // The choice of a sign-in is not declared, and no secret.
      return [name, setting === undefined ? real : standInFor(name, setting, real, faker)];
    }),
  );
};
