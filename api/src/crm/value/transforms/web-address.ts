import { textTransform, type Transform } from './transform.ts';

/** `scheme:` but not `host:port`. */
const schemePattern = /^([a-z][a-z0-9+.-]*):(?!\d)/i;

/** A loop, as it runs for every record: spreading the text into its characters takes a microsecond. */
const hasControlCharacter = (text: string): boolean => {
  for (let position = 0; position < text.length; position += 1) if (text.charCodeAt(position) < 32) return true;
  return false;
};

/**
 * `www.example.com` to `https://www.example.com`. Only http and https may pass: Dataverse shows the column as a link,
 * and a `javascript:` address would run with the rights of the agent who clicks it. Browsers skip control characters
 * inside a scheme (`java\tscript:`), so they are refused as well.
 */
const ensure = (text: string): string | undefined => {
  const address = text.trim();
  if (hasControlCharacter(address)) return undefined;
  const scheme = address.includes(':') ? schemePattern.exec(address)?.[1]?.toLowerCase() : undefined;
  if (scheme !== undefined) return scheme === 'http' || scheme === 'https' ? address : undefined;
  return `https://${address.replace(/^\/+/, '')}`;
};

export const ensureScheme: Transform = textTransform({
  description: 'Puts https:// before a web address that has no scheme. Refuses javascript: and everything else that is not http or https.',
  noun: 'web address',
  change: ensure,
});
