/** Appended, not resolved: the public address may have a path, when a proxy puts us below one. */
export const hookAddress = (publicUrl: string, sourceId: string, segments: readonly string[] = []): string =>
  `${publicUrl.replace(/\/+$/, '')}/${['webhooks', sourceId, ...segments.map(encodeURIComponent)].join('/')}`;
