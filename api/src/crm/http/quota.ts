import type { ToldQuota } from '../budget/types.ts';
import type { QuotaBody } from '../manifest/schema/http.ts';
import { durationMs } from '../value/duration.ts';
import { readWaitMs } from './instant-header.ts';

export interface QuotaReading {
  readonly remaining: number | null;
  readonly used: number | null;
  readonly limit: number | null;
}

const partNames = ['remaining', 'used', 'limit'] as const;
type PartName = (typeof partNames)[number];

const asPart = (name: string): PartName => {
  const part = partNames.find((known) => known === name);
  if (part === undefined) throw new RangeError(`{${name}} is not known here; known are {${partNames.join('}, {')}}`);
  return part;
};

/** From `api-usage={used}/{limit}` to a reader of such headers; null when a header is written otherwise. Throws `RangeError`. */
export const compileQuotaPattern = (pattern: string): ((header: string) => QuotaReading | null) => {
  const names: PartName[] = [];
  const source = pattern.split(/(\{\w+\})/).map((piece) => {
    if (!/^\{\w+\}$/.test(piece)) return piece.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    names.push(asPart(piece.slice(1, -1)));
    return '(\\d{1,15})';
  });
  if (!names.includes('remaining') && !(names.includes('used') && names.includes('limit')))
    throw new RangeError('it needs {remaining}, or {used} and {limit}');
  const shape = new RegExp(source.join(''));
  return (header) => {
    const match = shape.exec(header);
    if (match === null) return null;
    const read = (name: PartName): number | null => (names.includes(name) ? Number(match[names.indexOf(name) + 1]) : null);
    return { remaining: read('remaining'), used: read('used'), limit: read('limit') };
  };
};

const usualRest = '1m';

export interface Rest {
  readonly ms: number;
  /** Nothing is left at all. Else it is we who keep the rest of it, for others and for whoever waits for one record. */
  readonly isSpent: boolean;
}

type HeaderOf = (name: string) => string | undefined;

export interface QuotaAnswer {
  /** How long to rest after the answer; null while the budget lasts. */
  readonly rest: Rest | null;
  /** What it says of the budgets; empty when it says nothing. */
  readonly told: readonly ToldQuota[];
}

export type QuotaReader = (header: HeaderOf, nowMs: number) => QuotaAnswer;

const compileOne = ({ header: name, read = '{remaining}', limit, keep = '0', reset, rest = usualRest }: QuotaBody) => {
  const parse = compileQuotaPattern(read);
  const kept = Number(keep.replace('%', ''));
  const isShare = keep.endsWith('%');
  const restMs = durationMs(rest);
  return (header: HeaderOf, nowMs: number): { readonly rest: Rest | null; readonly told: ToldQuota } | null => {
    const text = header(name.toLowerCase());
    const reading = text === undefined ? null : parse(text);
    if (reading === null) return null;
    const whole = reading.limit ?? Number((limit === undefined ? undefined : header(limit.toLowerCase())) ?? Number.NaN);
    const remaining = reading.remaining ?? whole - (reading.used ?? 0);
    // Without knowing the whole, a share of it cannot be kept; then the budget is used to its end.
    const floor = isShare ? (Number.isNaN(whole) ? 0 : (whole * kept) / 100) : kept;
    const told = { header: name, ...reading, limit: Number.isNaN(whole) ? null : whole };
    if (remaining > floor) return { rest: null, told };
    const untilResetMs = reset === undefined ? null : readWaitMs(header(reset.header.toLowerCase()), reset.as, nowMs);
    return { rest: { ms: untilResetMs ?? restMs, isSpent: remaining <= 0 }, told };
  };
};

const longer = (most: Rest | null, one: Rest | null): Rest | null => {
  if (most === null || one === null) return most ?? one;
  return { ms: Math.max(most.ms, one.ms), isSpent: most.isSpent || one.isSpent };
};

/** The longest rest that any of the budgets asks for, and what each of them says. */
export const createQuotaReader = (quotas: readonly QuotaBody[]): QuotaReader => {
  const readers = quotas.map(compileOne);
  return (header, nowMs) => {
    const answers = readers.map((read) => read(header, nowMs)).filter((answer) => answer !== null);
    return { rest: answers.map(({ rest }) => rest).reduce(longer, null), told: answers.map(({ told }) => told) };
  };
};
