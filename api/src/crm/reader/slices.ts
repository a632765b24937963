import { AppError } from '../../errors/app-error.ts';
import { compilePath } from '../expression/compile.ts';
import { isObject } from '../expression/json.ts';
import type { TemplateScope } from '../expression/template-variables.ts';
import type { CrmAnswer } from '../http/crm-http.ts';
import type { RequestBody } from '../manifest/schema/request.ts';
import type { ChangesBody, SlicesBody } from '../manifest/schema/table.ts';
import { compileAnswerValue, readCount } from '../paging/answer-value.ts';
import type { ChangeWindow, JsonValue, PageSlice, SourceRecord } from '../types.ts';
import { durationMs } from '../value/duration.ts';
import type { ConnectionParts } from './connection-parts.ts';
import { compileModified } from './record-reader.ts';
import { compileRequest } from './request-builder.ts';

const usualSlices = 8;
const usualLeastWindow = '6h';

const usualLeastRecords = 5_000;
/** First digits of an id: fine enough for the most slices that there can be. */
const edgeDigits = 4;

/** From this on and below that; one that is left out: as far as it goes. Texts for ids. A type, not an interface, as it is JSON. */
export type RangeSlice = { readonly from?: number; readonly to?: number };
export type HexSlice = { readonly from?: string; readonly to?: string };
export type Slice = RangeSlice | HexSlice;

export const readSlice = (value: PageSlice | undefined): Slice => {
  if (value === undefined || !isObject(value)) return {};
  const { from, to } = value;
  if (typeof from === 'string' || typeof to === 'string')
    return { ...(typeof from === 'string' ? { from } : {}), ...(typeof to === 'string' ? { to } : {}) };
  return { ...(typeof from === 'number' ? { from } : {}), ...(typeof to === 'number' ? { to } : {}) };
};

/** What comes before the list itself, such as what is archived, is read once: with the first slice. */
export const isFirstSlice = ({ from }: Slice): boolean => from === undefined;

/** Inner edges at whole steps; the outer ones stay open, so that no record is in none. Fewer than two slices: nothing to share. */
export const cutRange = (lowest: number, highest: number, into: number, step = 1): readonly RangeSlice[] => {
  const width = (highest - lowest) / into;
  const edges = Array.from({ length: into - 1 }, (_, index) => lowest + Math.ceil((width * (index + 1)) / step) * step);
  return between([...new Set(edges)].filter((edge) => edge > lowest && edge <= highest));
};

/** The slices that these inner edges make, in their order. */
const between = <Edge extends number | string>(inner: readonly Edge[]): readonly { readonly from?: Edge; readonly to?: Edge }[] => {
  if (inner.length === 0) return [];
  return [...inner, undefined].map((to, index) => {
    const from = inner[index - 1];
    return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  });
};

/** Ids at random are spread evenly, so equal parts of their first digits are equal parts of the records. */
export const cutHex = (into: number): readonly HexSlice[] => {
  const whole = 16 ** edgeDigits;
  const edges = Array.from({ length: into - 1 }, (_, index) => Math.ceil((whole * (index + 1)) / into));
  return between(edges.map((edge) => edge.toString(16).padStart(edgeDigits, '0')));
};

/** The window in parts of its time, each a window of its own; its ends stay what they are. */
export const cutWindow = ({ fromMs, toMs }: ChangeWindow, changes: ChangesBody): readonly RangeSlice[] => {
  const { slices, granularity = '1s' } = changes;
  if (slices === undefined) return [];
  const leastMs = Math.max(durationMs(slices.atLeast ?? usualLeastWindow), durationMs(granularity));
  const into = Math.min(slices.into ?? usualSlices, Math.floor((toMs - fromMs) / leastMs));
  return into < 2 ? [] : cutRange(fromMs, toMs - 1, into, durationMs(granularity));
};

export const windowOfSlice = (window: ChangeWindow, { from, to }: Slice): ChangeWindow => ({
  ...window,
  fromMs: typeof from === 'number' ? from : window.fromMs,
  toMs: typeof to === 'number' ? to : window.toMs,
});

const readNumber = (value: JsonValue | undefined): number => {
  const number = typeof value === 'number' ? value : typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : Number.NaN;
  return Number.isSafeInteger(number) ? number : Number.NaN;
};

/** Of ids that somebody has made up, the CRM alone knows the order: they compare as neither less nor more. */
const readHex = (value: JsonValue | undefined): string | number =>
  typeof value === 'string' && /^[0-9a-f-]+$/i.test(value) ? value.toLowerCase() : Number.NaN;

/** How a value of the range is read, wherever it stands; not a number where it is none. */
const compileEdge = ({ by, format }: SlicesBody): ((value: JsonValue | undefined) => number) => {
  const readTime = compileModified({ path: 'value', ...(format === undefined ? {} : { format }) });
  return (value) => (by === 'number' ? readNumber(value) : (readTime({ value }) ?? Number.NaN));
};

/** Whether a page holds nothing from outside of the slice. Some CRMs leave out a filter that they do not understand: then every worker would read everything. */
export const createSliceGuard = (slices: SlicesBody) => {
  const select = compilePath(slices.at);
  const read = slices.by === 'hex' ? readHex : compileEdge(slices);
  return ({ from, to }: Slice) =>
    (records: readonly SourceRecord[]): boolean =>
      !records.some(({ fields }) => {
        const value = read(select(fields));
        return (from !== undefined && value < from) || (to !== undefined && value >= to);
      });
};

/** A number that the CRM says of the list; null: it does not. */
type Ask = (scope: TemplateScope, signal: AbortSignal) => Promise<number | null>;

/** Cuts the list as the CRM says that it is now. Nothing is shared where there is nothing to share: an empty list. */
export const createSlicePlanner = (options: {
  readonly what: string;
  readonly slices: SlicesBody;
  readonly connection: ConnectionParts;
}): ((scope: TemplateScope, signal: AbortSignal) => Promise<readonly Slice[]>) => {
  const { what, slices, connection } = options;
  const { sourceId: source, http } = connection;
  const { into = usualSlices } = slices;

  const send = (request: RequestBody) => {
    const build = compileRequest({ request, ...connection });
    return (scope: TemplateScope, signal: AbortSignal): Promise<CrmAnswer> =>
      http.send({ ...build(scope), operation: 'list', what, missingStatuses: new Set<number>(), urgency: 'bulk' }, signal);
  };
  const askRows = ({ count, ...request }: NonNullable<SlicesBody['rows']>): Ask => {
    const ask = send(request);
    const select = compileAnswerValue(count);
    return async (scope, signal) => readCount(select(await ask(scope, signal)));
  };
  const askEdge = ({ value: name, ...request }: NonNullable<SlicesBody['lowest']>): Ask => {
    const ask = send(request);
    const select = compilePath(name);
    const read = compileEdge(slices);
    return async (scope, signal) => {
      const value = select((await ask(scope, signal)).body);
      if (value === undefined || value === null) return null;
      const edge = read(value);
      if (Number.isNaN(edge)) throw new AppError('crm.bad_answer', { source, what, problem: `“${name}” is no ${slices.by}` });
      return edge;
    };
  };

  const { rows, lowest, highest, atLeast } = slices;
  if (slices.by === 'hex') {
    const ask: Ask = rows === undefined ? async () => null : askRows(rows);
    return async (scope, signal) => {
      const parts = Math.min(into, Math.floor(((await ask(scope, signal)) ?? 0) / (atLeast ?? usualLeastRecords)));
      return parts < 2 ? [] : cutHex(parts);
    };
  }
  const asks = [lowest, highest].filter((edge) => edge !== undefined).map(askEdge);
  return async (scope, signal) => {
    const [from, to] = await Promise.all(asks.map((ask) => ask(scope, signal)));
    if (from === undefined || to === undefined || from === null || to === null) return [];
    const parts = slices.by === 'time' ? into : Math.min(into, Math.floor((to - from + 1) / (atLeast ?? 1)));
    return parts < 2 ? [] : cutRange(from, to, parts);
  };
};
