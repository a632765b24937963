import { AppError } from '../errors/app-error.ts';
import { keyColumn } from './our-columns.ts';

// Every key that we make ourselves looks like this, so the usual case costs one test and no copy.
const needsNoEscape = /^[a-z0-9.~_-]*$/;

/**
 * A text as it stands in an OData URL literal, quotes included: embedded quotes doubled, then percent-encoded. The result is plain
 * ASCII without `"` and `\`, so it may also stand inside a JSON string (the `@odata.id` of a bulk target).
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/retrieve-entity-using-web-api
 */
export const urlLiteral = (text: string): string => {
  if (needsNoEscape.test(text)) return `'${text}'`;
  // A lone surrogate has no UTF-8 form; mending it would address another row.
  if (!text.isWellFormed()) throw new AppError('record.key_invalid');
  return `'${encodeURIComponent(text.replaceAll("'", "''"))}'`;
};

/** `contacts(ccsync_sourcekey='northwind~100001')`. */
export const addressByKey = (entitySetName: string, sourceKey: string): string => `${entitySetName}(${keyColumn}=${urlLiteral(sourceKey)})`;

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isRowId = (text: string): boolean => guid.test(text);

/** null when the text is no row id at all: it must not reach a URL. */
export const addressById = (entitySetName: string, rowId: string): string | null => (isRowId(rowId) ? `${entitySetName}(${rowId})` : null);
