/** The Prefer header (compose-http-requests-handle-errors.md, "Prefer headers"). */
import { badQuery } from './errors.ts';
import type { RequestHeaders } from './messages.ts';

export interface Preferences {
  readonly returnsRepresentation: boolean;
  readonly continuesOnError: boolean;
  /** Asks for a delta link with the rows. */
  readonly tracksChanges: boolean;
  /** null: the client did not say. Never above 5,000. */
  readonly maxPageSize: number | null;
  /** Whether answers carry this annotation, by its full name. */
  readonly wantsAnnotation: (name: string) => boolean;
  readonly wantsAnyAnnotation: boolean;
  /** What Preference-Applied echoes, for an answer that honoured these. */
  readonly applied: { readonly representation: string; readonly query: string | null };
}

export const largestPage = 5000;
const annotationsPattern = /odata\.include-annotations\s*=\s*(?:"([^"]*)"|([^,;\s]+))/i;

export function parsePreferences(headers: RequestHeaders): Preferences {
  const prefer = headers.prefer ?? '';
  const annotations = annotationsPattern.exec(prefer);
  const annotationList = annotations === null ? null : (annotations[1] ?? annotations[2] ?? '');
  // The annotation list has commas of its own, so it is taken out before the rest is split.
  const others = prefer.replace(annotationsPattern, '').split(/[,;]/);
  let maxPageSize: number | null = null;
  let returnsRepresentation = false;
  let continuesOnError = false;
  let tracksChanges = false;
  for (const [name, value] of others.map(splitPreference)) {
    if (name === 'return') returnsRepresentation = value === 'representation';
    else if (name === 'odata.continue-on-error') continuesOnError = value !== 'false';
    else if (name === 'odata.maxpagesize') maxPageSize = parsePageSize(value);
    else if (name === 'odata.track-changes') tracksChanges = true;
  }

  const patterns = (annotationList ?? '')
    .split(',')
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '');
  const applied = [
    maxPageSize === null ? null : `odata.maxpagesize=${maxPageSize}`,
    annotationList === null ? null : `odata.include-annotations="${annotationList}"`,
  ].filter((part) => part !== null);
  return {
    returnsRepresentation,
    continuesOnError,
    tracksChanges,
    maxPageSize,
    wantsAnyAnnotation: patterns.length > 0,
    wantsAnnotation: (name) =>
      patterns.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern)),
    applied: { representation: 'return=representation', query: applied.length === 0 ? null : applied.join(',') },
  };
}

function splitPreference(text: string): readonly [string, string] {
  const [name = '', value = ''] = text.split('=', 2).map((part) => part.trim().replaceAll('"', ''));
  return [name.toLowerCase(), value.toLowerCase()];
}

function parsePageSize(value: string): number {
  const size = Number(value);
  if (!Number.isInteger(size) || size < 1) throw badQuery(`Invalid value '${value}' for the preference odata.maxpagesize.`);
  return Math.min(size, largestPage);
}
