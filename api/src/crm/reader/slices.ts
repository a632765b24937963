import { AppError } from '../../errors/app-error.ts';
import { compilePath } from '../expression/compile.ts';
import { isObject } from '../expression/json.ts';
import type { TemplateScope } from '../expression/template-variables.ts';
import type { ChangesBody, SlicesBody } from '../manifest/schema/table.ts';
import type { ChangeWindow, JsonValue, PageSlice, SourceRecord } from '../types.ts';
import { durationMs } from '../value/duration.ts';
import type { ConnectionParts } from './connection-parts.ts';
import { compileModified } from './record-reader.ts';
import { compileRequest } from './request-builder.ts';

const usualSlices = 8;
const usualLeastWindow = '6h';

/** From this on and below that; one that is left out: as far as it goes. A type, not an interface, as it is JSON. */
export type Slice = { readonly from?: number; readonly to?: number };

export const readSlice = (value: PageSlice | undefined): Slice => {
  if (value === undefined || !isObject(value)) return {};
  const { from, to } = value;
  return { ...(typeof from === 'number' ? { from } : {}), ...(typeof to === 'number' ? { to } : {}) };
};

/** What comes before the list itself, such as what is archived, is read once: with the first slice. */
export const isFirstSlice = ({ from }: Slice): boolean => from === undefined;

/** Inner edges at whole steps; the outer ones stay open, so that no record is in none. Fewer than two slices: nothing to share. */
export const cutRange = (lowest: number, highest: number, into: number, step = 1): readonly Slice[] => {
  const width = (highest - lowest) / into;
  const edges = Array.from({ length: into - 1 }, (_, index) => lowest + Math.ceil((width * (index + 1)) / step) * step);
  const inner = [...new Set(edges)].filter((edge) => edge > lowest && edge <= highest);
  if (inner.length === 0) return [];
  return [...inner, undefined].map((to, index) => {
    const from = inner[index - 1];
    return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  });
};

/** The window in parts of its time, each a window of its own; its ends stay what they are. */
export const cutWindow = ({ fromMs, toMs }: ChangeWindow, changes: ChangesBody): readonly Slice[] => {
  const { slices, granularity = '1s' } = changes;
  if (slices === undefined) return [];
  const leastMs = Math.max(durationMs(slices.atLeast ?? usualLeastWindow), durationMs(granularity));
  const into = Math.min(slices.into ?? usualSlices, Math.floor((toMs - fromMs) / leastMs));
  return into < 2 ? [] : cutRange(fromMs, toMs - 1, into, durationMs(granularity));
};

export const windowOfSlice = (window: ChangeWindow, { from, to }: Slice): ChangeWindow => ({
  ...window,
  fromMs: from ?? window.fromMs,
  toMs: to ?? window.toMs,
});

const readNumber = (value: JsonValue | undefined): number => {
  const number = typeof value === 'number' ? value : typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : Number.NaN;
  return Number.isSafeInteger(number) ? number : Number.NaN;
};

/** How a value of the range is read, wherever it stands; not a number where it is none. */
const compileEdge = ({ by, format }: SlicesBody): ((value: JsonValue | undefined) => number) => {
  const readTime = compileModified({ path: 'value', ...(format === undefined ? {} : { format }) });
  return (value) => (by === 'number' ? readNumber(value) : (readTime({ value }) ?? Number.NaN));
};

/** Whether a page holds nothing from outside of the slice. Some CRMs leave out a filter that they do not understand: then every worker would read everything. */
export const createSliceGuard = (slices: SlicesBody) => {
  const select = compilePath(slices.at);
  const read = compileEdge(slices);
  return ({ from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY }: Slice) =>
    (records: readonly SourceRecord[]): boolean =>
      !records.some(({ fields }) => {
        const value = read(select(fields));
        return value < from || value >= to;
      });
};

/** Asks the CRM for both ends of the range, and cuts it. Nothing is shared where one of them is not there: an empty list. */
export const createSlicePlanner = (options: {
  readonly what: string;
  readonly slices: SlicesBody;
  readonly connection: ConnectionParts;
}) => {
  const { what, slices, connection } = options;
  const { sourceId: source, http } = connection;
  const readEdge = compileEdge(slices);
  const edges = [slices.lowest, slices.highest].map((edge) => ({
    build: compileRequest({ request: edge, ...connection }),
    select: compilePath(edge.value),
    name: edge.value,
  }));

  return async (scope: TemplateScope, signal: AbortSignal): Promise<readonly Slice[]> => {
    const found = await Promise.all(
      edges.map(async ({ build, select, name }) => {
        const request = { ...build(scope), operation: 'list', what, missingStatuses: new Set<number>(), urgency: 'bulk' } as const;
        const value = select((await http.send(request, signal)).body);
        if (value === undefined || value === null) return null;
        const edge = readEdge(value);
        if (Number.isNaN(edge)) throw new AppError('crm.bad_answer', { source, what, problem: `“${name}” is no ${slices.by}` });
        return edge;
      }),
    );
    const [lowest, highest] = found;
    if (lowest === undefined || highest === undefined || lowest === null || highest === null) return [];
    return cutRange(lowest, highest, slices.into ?? usualSlices);
  };
};
