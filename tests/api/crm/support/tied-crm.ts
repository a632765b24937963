import type { CrmReply, CrmRequest } from './crm-server.ts';

export interface TiedRecord {
  readonly id: number;
  readonly updated: string;
}

/** So many records of one time, among some others before and after it. */
export const tiedRecords = (count: number, timeMs: number): readonly TiedRecord[] => [
  { id: 1, updated: new Date(timeMs - 1000).toISOString() },
  ...Array.from({ length: count }, (_, position) => ({ id: position + 2, updated: new Date(timeMs).toISOString() })),
  { id: count + 2, updated: new Date(timeMs + 1000).toISOString() },
];

const number = ({ query }: CrmRequest, name: string, otherwise: number): number => Number(query.get(name) ?? otherwise);
/** Sorted once, with their times read once: parsing 3,000 dates for each of 1,000 requests takes a minute. */
const prepare = (records: readonly TiedRecord[]) =>
  records
    .map((record) => ({ record, id: record.id, timeMs: Date.parse(record.updated) }))
    .toSorted((one, other) => one.timeMs - other.timeMs || one.id - other.id);
const prepared = new WeakMap<readonly TiedRecord[], ReturnType<typeof prepare>>();

/** A CRM that filters and pages by whatever it is asked for, and gives no more than `most` records at a time. */
export const answerTied = (records: readonly TiedRecord[], request: CrmRequest, most: number, baseUrl: string): CrmReply => {
  const from = Date.parse(request.query.get('from') ?? '') || 0;
  const to = Date.parse(request.query.get('to') ?? '') || Number.POSITIVE_INFINITY;
  const afterId = number(request, 'after_id', 0);
  const afterTime = Date.parse(request.query.get('after_time') ?? '') || 0;
  const sorted = prepared.get(records) ?? prepare(records);
  prepared.set(records, sorted);
  const hasAfterTime = request.query.has('after_time');
  const isNewestFirst = request.query.get('order') === 'newest';
  const all = (isNewestFirst ? sorted.toReversed() : sorted)
    .filter(({ id, timeMs }) => {
      if (timeMs < from || timeMs >= to) return false;
      return hasAfterTime ? timeMs > afterTime || (timeMs === afterTime && id > afterId) : id > afterId;
    })
    .map(({ record }) => record);
  const offset = number(request, 'offset', 0) + (number(request, 'page', 1) - 1) * Math.min(number(request, 'size', 100), most);
  const start = request.query.has('cursor') ? Number(request.query.get('cursor')) : offset;
  const data = all.slice(start, start + Math.min(number(request, 'size', 100), most));
  const end = start + data.length;
  const link = new URL(`${request.path}?${request.query.toString()}`, baseUrl);
  link.searchParams.set('cursor', String(end));
  const isLast = end >= all.length;
  return {
    headers: { 'x-total-count': String(all.length), ...(isLast ? {} : { link: `<${link.href}>; rel="next"` }) },
    body: { data, more: !isLast, cursor: end, next: isLast ? null : link.href, token: `after-${all.at(-1)?.updated ?? ''}` },
  };
};
