import { TemplateRefusal } from './filters.ts';

/** The query languages whose literals we can write, and XML. */
export type Escape = 'soql' | 'odata' | 'servicenow' | 'phrase' | 'xml';

/** Signs that end or begin no literal in any query language that we have seen. */
const harmless = /^[\p{L}\p{M}\p{N} ._:+@,/~-]*$/u;

const refuse = (problem: string): never => {
  throw new TemplateRefusal(problem);
};

const plain = (text: string): string =>
  harmless.test(text) ? text : refuse('the value holds a sign that could change the query around it');

const hasControlCharacter = (text: string): boolean => /\p{Cc}/u.test(text);

const withoutControls =
  (write: (text: string) => string) =>
  (text: string): string =>
    hasControlCharacter(text) || !text.isWellFormed() ? refuse('the value holds a control character') : write(text);

const soql = withoutControls((text) => text.replaceAll(/[\\'"]/g, (sign) => `\\${sign}`));
const odata = withoutControls((text) => text.replaceAll("'", "''"));
/** ^ begins the next clause, and there is no way to write it; ServiceNow runs what follows `javascript:`. */
const servicenow = withoutControls((text) => (/\^|javascript:/i.test(text) ? refuse('the value holds what a query cannot hold') : text));

/** No search box says how a quote is written in a quoted text, and none needs one to find a name. */
const phrase = withoutControls((text) => text.replaceAll(/["\\\u201c-\u201f]/g, ' '));

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
/** What XML 1.0 cannot hold at all, not even as an entity: all control characters but tab and line ends, and two that are none. */
const isNotXml = (text: string): boolean => /[\p{Cc}\ufffe\uffff]/u.test(text.replaceAll(/[\t\n\r\u0080-\u009f\u007f]/g, ''));
const xml = (text: string): string =>
  isNotXml(text) || !text.isWellFormed()
    ? refuse('the value holds a character that XML cannot hold')
    : text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign);

/** Whether what stands before is the open beginning of a text in quotes. */
const isInQuotes = (before: string, escape: Escape): boolean => {
  if (escape === 'phrase') return before.split('"').length % 2 === 0;
  const marks = escape === 'soql' ? before.replaceAll(/\\./g, '') : before;
  return marks.split("'").length % 2 === 0;
};

/** How a value is written behind `before`, so that it stays what it is: one value. */
export const literalEscaper = (escape: Escape | null, before: string): ((text: string) => string) => {
  if (escape === null) return plain;
  if (escape === 'xml') return xml;
  if (escape === 'servicenow') return servicenow;
  if (!isInQuotes(before, escape)) return plain;
  if (escape === 'phrase') return phrase;
  return escape === 'soql' ? soql : odata;
};
