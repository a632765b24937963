import type * as FastXmlParser from 'fast-xml-parser';
import { loadWhenNeeded } from '../../load-when-needed.ts';
import { isList, isObject } from '../expression/json.ts';
import type { JsonValue } from '../types.ts';

/** 9 MB of memory that a CRM which speaks JSON does not pay for. */
const library = loadWhenNeeded<typeof FastXmlParser>('fast-xml-parser');

let made: FastXmlParser.XMLParser | null = null;

/**
 * Attributes are `@name`, the text beside them `#text`, prefixes of namespaces are dropped, and every value stays text: numbers would
 * lose their zeros. A document type is refused whole, so there are no entities but the five of XML itself.
 */
const parser = (): FastXmlParser.XMLParser =>
  (made ??= new (library().XMLParser)({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    textNodeName: '#text',
    removeNSPrefix: true,
    parseTagValue: false,
    parseAttributeValue: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    trimValues: true,
  }));

/** `<x xsi:nil="true"/>` and an empty element say that there is nothing. */
const tidy = (value: JsonValue): JsonValue => {
  if (isList(value)) return value.map(tidy);
  if (!isObject(value)) return value === '' ? null : value;
  if (value['@nil'] === 'true') return null;
  const members = Object.entries(value).filter(([name]) => name !== '@nil' && name !== '@xmlns');
  const [only] = members;
  if (only === undefined) return null;
  if (members.length === 1 && only[0] === '#text') return tidy(only[1] ?? null);
  return Object.fromEntries(members.map(([name, member]) => [name, tidy(member ?? null)]));
};

const maxDepth = 100;
const depthOf = (text: string): number => {
  let depth = 0;
  let deepest = 0;
  for (const [tag] of text.matchAll(/<\/?[A-Za-z_][^<>]*>/g)) {
    if (tag.startsWith('</')) depth -= 1;
    else if (!tag.endsWith('/>')) depth += 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
};

/** An answer’s body as plain values; undefined when it is not XML, or XML that nobody should read. */
export const decodeXml = (bytes: Buffer): JsonValue | undefined => {
  const text = bytes.toString('utf8');
  if (!/^\s*\ufeff?\s*</.test(text) || /<!(DOCTYPE|ENTITY)/i.test(text) || depthOf(text) > maxDepth) return undefined;
  try {
    return tidy(parser().parse(text, true) as JsonValue);
  } catch {
    return undefined;
  }
};
