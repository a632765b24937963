/** Reads the little XML that FetchXML needs: elements, attributes, text. No document type, so no entities but the five of XML itself. */
import { badQuery } from '../../web-api/errors.ts';

export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const deepestNesting = 50;
const namePattern = /[A-Za-z_][\w.-]*/y;
const spacePattern = /(?:\s|<!--(?:(?!-->)[^])*-->|<\?(?:(?!\?>)[^])*\?>)*/y;
const attributePattern = /\s+([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const entities: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** Throws 400 for what is not well formed. */
export function parseXml(xml: string): XmlElement {
  let position = 0;
  const fail = () => badQuery(`Invalid XML. The FetchXML query is not well formed at position ${position}.`);
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const found = pattern.exec(xml);
    if (found !== null) position += found[0].length;
    return found;
  };
  const take = (text: string): boolean => {
    if (!xml.startsWith(text, position)) return false;
    position += text.length;
    return true;
  };

  function decode(text: string): string {
    return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));|&/gi, (_whole, hex?: string, decimal?: string, name?: string) => {
      const named = entities.get(name ?? '');
      if (named !== undefined) return named;
      const code = hex === undefined ? Number(decimal ?? Number.NaN) : Number.parseInt(hex, 16);
      if (Number.isNaN(code) || code > 0x10ffff) throw fail();
      return String.fromCodePoint(code);
    });
  }

  function parseElement(depth: number): XmlElement {
    if (depth > deepestNesting || !take('<')) throw fail();
    const name = match(namePattern)?.[0];
    if (name === undefined) throw fail();
    const attributes = new Map<string, string>();
    for (let found = match(attributePattern); found !== null; found = match(attributePattern)) {
      const [, key = '', double, single] = found;
      if (attributes.has(key)) throw fail();
      attributes.set(key, decode(double ?? single ?? ''));
    }
    match(spacePattern);
    if (take('/>')) return { name, attributes, children: [], text: '' };
    if (!take('>')) throw fail();
    const children: XmlElement[] = [];
    let text = '';
    for (;;) {
      text += decode(match(/[^<]*/y)?.[0] ?? '');
      if (match(/<!--(?:(?!-->)[^])*-->/y) !== null) continue;
      if (take('</')) {
        if (match(namePattern)?.[0] !== name) throw fail();
        match(spacePattern);
        if (!take('>')) throw fail();
        return { name, attributes, children, text };
      }
      children.push(parseElement(depth + 1));
    }
  }

  match(spacePattern);
  const root = parseElement(0);
  match(spacePattern);
  if (position !== xml.length) throw fail();
  return root;
}
