/** A small and strict XML reader: what it takes is well-formed, and can be asked for its elements. Not for anyone's XML but ours. */
export interface XmlNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
  readonly text: string;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const token = /<\?xml[^>]*\?>|<(\/?)([A-Za-z_][\w.:-]*)((?:\s+[A-Za-z_][\w.:-]*="[^"<]*")*)\s*(\/?)>|([^<]+)/y;

const decode = (text: string): string => {
  const decoded = text.replace(/&(\w+);/g, (whole, name: string) => {
    const character = entities[name];
    if (character === undefined) throw new Error(`unknown entity ${whole}`);
    return character;
  });
  if (/&(?!\w+;)/.test(text)) throw new Error(`bare & in "${text.trim()}"`);
  return decoded;
};

const attributesOf = (text: string): Readonly<Record<string, string>> => {
  const pairs = [...text.matchAll(/([\w.:-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, decode(value)] as const);
  if (new Set(pairs.map(([name]) => name)).size !== pairs.length) throw new Error(`an attribute twice in <${text}>`);
  return Object.fromEntries(pairs);
};

export const readXml = (source: string): XmlNode => {
  interface OpenNode extends XmlNode {
    readonly children: XmlNode[];
    text: string;
  }
  const document: OpenNode = { name: '', attributes: {}, children: [], text: '' };
  const open: OpenNode[] = [document];
  const last = (): OpenNode => open.at(-1) ?? document;

  for (token.lastIndex = 0; token.lastIndex < source.length; ) {
    const at = token.lastIndex;
    const match = token.exec(source);
    if (!match) throw new Error(`not XML at ${at}: ${source.slice(at, at + 40)}`);
    const [, closing, name, attributes = '', selfClosing, text] = match;
    if (text !== undefined) last().text += decode(text);
    else if (name !== undefined && closing) {
      const closed = open.pop();
      if (closed?.name !== name || closed === document) throw new Error(`</${name}> closes <${closed?.name ?? ''}>`);
    } else if (name !== undefined) {
      const node: OpenNode = { name, attributes: attributesOf(attributes), children: [], text: '' };
      last().children.push(node);
      if (!selfClosing) open.push(node);
    }
  }
  const [root] = document.children;
  if (open.length !== 1 || !root || document.children.length !== 1 || document.text.trim() !== '') throw new Error('not one closed root');
  return root;
};

/** Every element below, or the node itself, with this name. */
export const findAll = (node: XmlNode, name: string): readonly XmlNode[] => [
  ...(node.name === name ? [node] : []),
  ...node.children.flatMap((child) => findAll(child, name)),
];

/** Along a path of child names; throws when there is not exactly one. */
export const find = (node: XmlNode, path: string): XmlNode => {
  let place = node;
  for (const name of path.split('/')) {
    const found = place.children.filter((child) => child.name === name);
    const [only] = found;
    if (!only || found.length !== 1) throw new Error(`${found.length} <${name}> in <${place.name}>`);
    place = only;
  }
  return place;
};

export const textOf = (node: XmlNode, path: string): string => find(node, path).text;
