/** Just enough to write XML: elements, attributes, text; two spaces a level, LF, the same text every time. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly content: string | number | readonly XmlElement[];
}

export const element = (name: string, attributes: XmlElement['attributes'] = {}, content: XmlElement['content'] = []): XmlElement => ({
  name,
  attributes,
  content,
});

/** An element that holds nothing but text. */
export const textElement = (name: string, text: string | number): XmlElement => element(name, {}, text);

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string | number): string => String(text).replace(/[&<>"]/g, (character) => escapes[character] ?? character);

const lines = ({ name, attributes, content }: XmlElement, indent: string): readonly string[] => {
  const start = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escape(value)}"`)].join(' ');
  if (typeof content !== 'object') return [`${indent}<${start}>${escape(content)}</${name}>`];
  if (content.length === 0) return [`${indent}<${start} />`];
  return [`${indent}<${start}>`, ...content.flatMap((child) => lines(child, `${indent}  `)), `${indent}</${name}>`];
};

export const writeXml = (root: XmlElement): string => `<?xml version="1.0" encoding="utf-8"?>\n${lines(root, '').join('\n')}\n`;
