import { TemplateRefusal } from './filters.ts';

/** The query languages whose literals we can write, and XML. */
export type Escape = 'soql' | 'odata' | 'servicenow' | 'xml';

/** Signs that end or begin no literal in any query language that we have seen. */
const harmless = /^[\p{L}\p{M}\p{N} ._:+@,/~-]*$/u;

const refuse = (problem: string): never => {
  throw new TemplateRefusal(problem);
};

const plain = (text: string): string =>
  harmless.test(text) ? text : refuse('the value holds a sign that could change the query around it');

const hasControlCharacter = (text: string): boolean => /[\u0000-\u001f\u007f]/.test(text);

const withoutControls =
  (write: (text: string) => string) =>
  (text: string): string =>
    hasControlCharacter(text) || !text.isWellFormed() ? refuse('the value holds a control character') : write(text);

const soql = withoutControls((text) => text.replaceAll(/[\\'"]/g, (sign) => `\\${sign}`));
const odata = withoutControls((text) => text.replaceAll("'", "''"));
/** ^ begins the next clause, and there is no way to write it; ServiceNow runs what follows `javascript:`. */
const servicenow = withoutControls((text) => (/\^|javascript:/i.test(text) ? refuse('the value holds what a query cannot hold') : text));

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
/** What XML 1.0 cannot hold at all, not even as an entity. */
const notXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const xml = (text: string): string =>
  notXml.test(text) || !text.isWellFormed()
    ? refuse('the value holds a character that XML cannot hold')
    : text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign);

/** Whether what stands before is the open beginning of a text in single quotes. */
const isInQuotes = (before: string, escape: Escape): boolean => {
  const marks = escape === 'soql' ? before.replaceAll(/\\./g, '') : before;
  return marks.split("'").length % 2 === 0;
};

/** How a value is written behind `before`, so that it stays what it is: one value. */
export const literalEscaper = (escape: Escape | null, before: string): ((text: string) => string) => {
  if (escape === null) return plain;
  if (escape === 'xml') return xml;
  if (escape === 'servicenow') return servicenow;
  if (!isInQuotes(before, escape)) return plain;
  return escape === 'soql' ? soql : odata;
};
