/** `<address>; rel="next"; title="a, b"`: an address in angle brackets and parameters whose quoted text may hold anything. */
const linkPattern = /<([^>]*)>((?:\s*;\s*[\w*-]+\s*(?:=\s*(?:"(?:[^"\\]|\\.)*"|[^\s",;]*))?)*)/g;
const relPattern = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))/i;

/** The address of the link with a relation (RFC 8288); null when there is none. A link may have several relations. */
export const findLink = (header: string, rel: string): string | null => {
  for (const [, address, parameters] of header.matchAll(linkPattern)) {
    const [, quoted, plain] = relPattern.exec(parameters ?? '') ?? [];
    const relations = (quoted ?? plain ?? '').toLowerCase().split(/\s+/);
    if (address !== undefined && relations.includes(rel.toLowerCase())) return address;
  }
  return null;
};
