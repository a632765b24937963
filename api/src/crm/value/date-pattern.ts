import { ExpressionError } from '../expression/expression-error.ts';
import { readOffsetMs, wallClockMs } from './iso-time.ts';

/** A way of writing dates, compiled from a pattern such as `yyyy-MM-dd HH:mm:ss`. */
export interface DatePattern {
  /** Epoch ms; NaN when the text does not fit. */
  readonly read: (text: string, toUtc: (wallClockMs: number) => number) => number;
  /** In UTC. */
  readonly write: (epochMs: number) => string;
}

const partNames = ['yyyy', 'MM', 'dd', 'HH', 'mm', 'ss', 'SSS', 'XXX'] as const;
type PartName = (typeof partNames)[number];
type Part = { readonly name: PartName } | { readonly literal: string };

/** Letters are parts, everything else stands for itself; 'quoted' text too, so that a T can be written. */
const patternToken = /yyyy|MM|dd|HH|mm|ss|SSS|XXX|'[^']*'|[^A-Za-z']+/y;

const readPattern = (pattern: string): readonly Part[] => {
  const parts: Part[] = [];
  patternToken.lastIndex = 0;
  for (let position = 0; position < pattern.length; position = patternToken.lastIndex) {
    patternToken.lastIndex = position;
    const token = patternToken.exec(pattern)?.[0];
    if (token === undefined)
      throw new ExpressionError(pattern, position, `a date is made of ${partNames.join(', ')} and signs between them`);
    const name = partNames.find((part) => part === token);
    parts.push(name !== undefined ? { name } : { literal: token.startsWith("'") ? token.slice(1, -1) : token });
  }
  if (!parts.some((part) => 'name' in part && part.name === 'yyyy')) throw new ExpressionError(pattern, 0, 'a date pattern needs yyyy');
  const zoneAt = parts.findIndex((part) => 'name' in part && part.name === 'XXX');
  if (zoneAt >= 0 && zoneAt < parts.length - 1) throw new ExpressionError(pattern, 0, 'the zone XXX stands at the end');
  return parts;
};

const readDigits = (text: string, position: number, count: number): number => {
  const digits = text.slice(position, position + count);
  return digits.length === count && /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
};

/** Throws `ExpressionError`. */
export const compileDatePattern = (pattern: string): DatePattern => {
  const parts = readPattern(pattern);
  return {
    read: (text, toUtc) => {
      const values: Partial<Record<PartName, number>> = {};
      let position = 0;
      let offsetMs: number | null = null;
      for (const part of parts) {
        if ('literal' in part) {
          if (!text.startsWith(part.literal, position)) return Number.NaN;
          position += part.literal.length;
        } else if (part.name === 'XXX') {
          offsetMs = readOffsetMs(text, position);
          position = text.length;
        } else {
          values[part.name] = readDigits(text, position, part.name.length);
          position += part.name.length;
        }
      }
      if (position !== text.length) return Number.NaN;
      const { yyyy = Number.NaN, MM = 1, dd = 1, HH = 0, mm = 0, ss = 0, SSS = 0 } = values;
      const clockMs = wallClockMs(yyyy, MM, dd, HH, mm, ss, SSS);
      return offsetMs === null ? toUtc(clockMs) : clockMs - offsetMs;
    },
    write: (epochMs) => {
      const iso = new Date(epochMs).toISOString();
      const texts: Record<PartName, string> = {
        yyyy: iso.slice(0, 4),
        MM: iso.slice(5, 7),
        dd: iso.slice(8, 10),
        HH: iso.slice(11, 13),
        mm: iso.slice(14, 16),
        ss: iso.slice(17, 19),
        SSS: iso.slice(20, 23),
        XXX: 'Z',
      };
      return parts.map((part) => ('literal' in part ? part.literal : texts[part.name])).join('');
    },
  };
};
