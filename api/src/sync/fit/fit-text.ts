import { AppError } from '../../errors/app-error.ts';
import { type FitterCompiler, refuseValue } from './column-fitter.ts';

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Cuts at a whole character as people see it, so that no emoji or accent is torn. `limit` in UTF-16 code units, as Dataverse counts. */
export const truncateText = (text: string, limit: number): string => {
  if (text.length <= limit) return text;
  let end = 0;
  // Looking at a little more than fits is enough to know whether the last character is whole.
  for (const { index, segment } of graphemes.segment(text.slice(0, limit + 64))) {
    if (index + segment.length > limit) break;
    end = index + segment.length;
  }
  return text.slice(0, end).trimEnd();
};

/** Formats (e-mail, phone, address) are left to Dataverse, which is looser than any pattern of ours. */
export const compileTextFitter: FitterCompiler = (column, { whenTooLong }) => {
  const limit = column.maxLength ?? Number.POSITIVE_INFINITY;
  return (value) => {
    if (typeof value === 'object') return refuseValue(column);
    const text = typeof value === 'string' ? value : String(value);
    if (text.length <= limit) return text;
    if (whenTooLong === 'skip') return undefined;
    if (whenTooLong === 'truncate') return truncateText(text, limit);
    throw new AppError('mapping.value_too_long', { column: column.logicalName, length: text.length, limit });
  };
};
