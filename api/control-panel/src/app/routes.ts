/** Where in the panel a reader is. */
export type Page =
  | { readonly name: 'overview' }
  | { readonly name: 'runs'; readonly sourceId?: string }
  | { readonly name: 'run'; readonly runId: string }
  | { readonly name: 'failures'; readonly sourceId?: string }
  | { readonly name: 'unknown' };

const decode = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

/** Reads the part of the address after `#`, which the server never sees: a deep link needs no help from it. */
export const pageOf = (hash: string): Page => {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [section, id, ...rest] = path.split('/');
  if (section === '') return { name: 'overview' };
  if (section === 'runs' && id === undefined) {
    const sourceId = new URLSearchParams(query).get('source');
    return sourceId ? { name: 'runs', sourceId } : { name: 'runs' };
  }
  if (section === 'failures' && id === undefined) {
    const sourceId = new URLSearchParams(query).get('source');
    return sourceId ? { name: 'failures', sourceId } : { name: 'failures' };
  }
  const runId = section === 'runs' && id !== undefined && rest.length === 0 ? decode(id) : undefined;
  return runId ? { name: 'run', runId } : { name: 'unknown' };
};

/** The address of a page, for `href`. */
export const hashOf = (page: Exclude<Page, { name: 'unknown' }>): string => {
  switch (page.name) {
    case 'overview':
      return '#/';
    case 'runs':
      return page.sourceId === undefined ? '#/runs' : `#/runs?${new URLSearchParams({ source: page.sourceId }).toString()}`;
    case 'failures':
      return page.sourceId === undefined ? '#/failures' : `#/failures?${new URLSearchParams({ source: page.sourceId }).toString()}`;
    case 'run':
      return `#/runs/${encodeURIComponent(page.runId)}`;
  }
};
