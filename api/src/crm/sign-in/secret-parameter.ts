import type { AuthBody } from '../manifest/schema/auth.ts';

/** The query parameter that holds the key, if sign-in works that way: it never goes into a checkpoint or a recording. */
export const secretParameterOf = (auth: AuthBody): string | null => {
  if (auth.kind === 'apiKey') return auth.in === 'query' ? auth.name : null;
  return auth.kind === 'session' && auth.send.in === 'query' ? auth.send.name : null;
};
