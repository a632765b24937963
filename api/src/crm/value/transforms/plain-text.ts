import { textTransform, type Transform } from './transform.ts';

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

const decodeEntity = (whole: string, name: string): string => {
  if (!name.startsWith('#')) return Object.hasOwn(entities, name) ? (entities[name] ?? whole) : whole;
  const code = name[1] === 'x' || name[1] === 'X' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : whole;
};

/**
 * Without what is no text. What is not closed goes to the end, as in a browser. One pass: one expression for all of it would keep a place to
 * go back to for each character, and run out of stack at some megabytes.
 */
const withoutCode = (html: string): string => {
  const begin = /<(script|style)\b[^<>]*>/gi;
  const kept: string[] = [];
  let from = 0;
  for (let begun = begin.exec(html); begun !== null; begun = begin.exec(html)) {
    kept.push(html.slice(from, begun.index));
    const end = begun[1]?.toLowerCase() === 'script' ? /<\/script[^<>]*>/gi : /<\/style[^<>]*>/gi;
    end.lastIndex = begin.lastIndex;
    from = end.exec(html) === null ? html.length : end.lastIndex;
    begin.lastIndex = from;
  }
  return from === 0 ? html : [...kept, html.slice(from)].join('');
};

/** Plain text for a plain column. Not a sanitiser: what it gives is text, and must be shown as text. */
const strip = (html: string): string =>
  withoutCode(html)
    .replace(/<br\s*\/?>|<\/(p|div|li|tr|h[1-6])\s*>/gi, '\n')
    .replace(/<\/?[a-z!][^<>]*>/gi, '')
    .replace(/&(#?\w{1,10});/g, decodeEntity)
    .replace(/[ \t\u00a0]+/g, ' ')
    .replace(/ *\n */g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

export const stripHtml: Transform = textTransform({
  description: 'HTML to plain text: tags go, line breaks and paragraphs stay, entities are decoded.',
  noun: 'text',
  change: strip,
});

export const trim: Transform = textTransform({
  description: 'Without white space at either end.',
  noun: 'text',
  change: (text) => text.trim(),
});
export const lower: Transform = textTransform({ description: 'In lower case.', noun: 'text', change: (text) => text.toLowerCase() });
export const upper: Transform = textTransform({ description: 'In upper case.', noun: 'text', change: (text) => text.toUpperCase() });
export const digits: Transform = textTransform({
  description: 'Only its digits.',
  noun: 'text',
  change: (text) => text.replace(/\D+/g, ''),
});
