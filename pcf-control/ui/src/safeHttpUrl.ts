/**
 * The address, normalised, if a browser may follow it as a link: http or https only.
 * Anything else (`javascript:`, `data:`, relative, not an address) gives undefined, for the address comes from a CRM's data.
 */
export const safeHttpUrl = (address: string | undefined): string | undefined => {
  if (!address) return undefined;
  try {
    const url = new URL(address);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined;
  } catch {
    return undefined;
  }
};
