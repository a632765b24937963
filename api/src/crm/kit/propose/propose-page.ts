import { isObject } from '../../expression/json.ts';
import type { PageBody } from '../../manifest/schema/page.ts';
import type { JsonObject, JsonValue } from '../../types.ts';
import { type Answer, pathOf } from './answer.ts';
import { plainName } from './flat-fields.ts';

export interface PageProposal {
  readonly page: PageBody;
  /** As `total` of the manifest. */
  readonly total: string | { readonly header: string } | null;
  readonly notes: readonly string[];
}

interface EnvelopeField {
  readonly path: string;
  readonly name: string;
  readonly plain: string;
  /** With what it stands in: `pagingnextafter`. */
  readonly wholePlain: string;
  readonly value: JsonValue;
}

const maxDepth = 4;

/** What stands around the records: plain values, not inside of lists. */
const envelopeOf = (body: JsonValue): readonly EnvelopeField[] => {
  const found: EnvelopeField[] = [];
  const visit = (value: JsonObject, names: readonly string[]): void => {
    for (const [name, member = null] of Object.entries(value)) {
      const all = [...names, name];
      if (isObject(member) && all.length < maxDepth) visit(member, all);
      else if (!Array.isArray(member)) {
        found.push({ path: pathOf(all), name, plain: plainName(name), wholePlain: plainName(all.join('')), value: member });
      }
    }
  };
  if (isObject(body)) visit(body, []);
  return found;
};

const isAddress = (value: JsonValue): boolean => typeof value === 'string' && /^(https?:\/\/|\/|\?)/.test(value);
const isCount = (value: JsonValue): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0;

const nextNames =
  /(^|links|paging|meta|pagination)(next|nextlink|nextpage|nexturl|nextpageurl|nextrecordsurl|odatanextlink|nexthref|nextpagelink)$/;
const isNextName = ({ plain, wholePlain }: EnvelopeField): boolean =>
  nextNames.test(wholePlain) || /^(odata)?next(link|url|href|pageurl|recordsurl)$/.test(plain);
const cursorNames =
  /(cursor|nextpagetoken|pagetoken|nexttoken|continuationtoken|continuation|scrollid|pagingnextafter|nextafter|^after|skiptoken|bookmark|nextstart|nextoffset)$/;
const totalNames = /^(total|totalcount|totalrecords|totalitems|totalsize|totalresults|recordcount|odatacount|totalelements|xtotalcount)$/;
const totalPagesNames = /^(totalpages|pagecount|lastpage|numberofpages|pages|pagestotal|nbpages)$/;
const pageNames = /^(page|currentpage|pagenumber|pageno|pageindex)$/;
const offsetNames = /^(offset|skip|start|startat|startindex|from)$/;
const sizeNames = /^(perpage|pagesize|limit|size|count|maxresults|pagelimit|itemsperpage|top)$/;
const moreNames = /^(hasmore|more|hasnext|hasnextpage|moreitemsincollection|moreavailable)$/;

const totalHeaders = ['x-total-count', 'x-total', 'total-count', 'x-pagination-total-count', 'total'];

/** By what the answer calls it; the parameter may be called otherwise, which the documentation says. */
const cursorParameter = ({ name, wholePlain }: EnvelopeField): string => {
  if (/pagingnextafter$|after$/.test(wholePlain)) return 'after';
  if (/pagetoken$/i.test(name.replaceAll('_', ''))) return name.includes('_') ? 'page_token' : 'pageToken';
  const bare = name.replace(/^next[_-]?/i, '');
  return bare === '' ? 'cursor' : bare.charAt(0).toLowerCase() + bare.slice(1);
};

const linkNext = (headers: Answer['headers']): boolean => /;\s*rel="?next"?/i.test(headers.link ?? '');

/** How a list goes on, from what stands around its records. */
export const proposePage = ({ body, headers }: Answer, recordCount: number): PageProposal => {
  const envelope = envelopeOf(body);
  const find = (names: RegExp, accepts: (value: JsonValue) => boolean): EnvelopeField | undefined =>
    envelope.find(({ plain, value }) => names.test(plain) && accepts(value));
  const totalField = find(totalNames, isCount);
  const totalHeader = totalHeaders.find((name) => /^\d+$/.test(headers[name] ?? ''));
  const total = totalField?.path ?? (totalHeader === undefined ? null : { header: totalHeader });
  const totalCount = isCount(totalField?.value ?? null)
    ? Number(totalField?.value)
    : totalHeader === undefined
      ? null
      : Number(headers[totalHeader]);
  const sizeField = find(sizeNames, isCount);
  const size = sizeField !== undefined && Number(sizeField.value) > 1 ? { sizeParam: sizeField.name, size: Number(sizeField.value) } : {};
  const say = (page: PageBody, ...notes: readonly string[]): PageProposal => ({ page, total, notes });

  if (linkNext(headers)) return say({ kind: 'linkHeader' });
  const next = envelope.find((field) => isNextName(field) && isAddress(field.value));
  if (next !== undefined) return say({ kind: 'nextLink', from: next.path });
  const cursor = envelope.find(
    ({ wholePlain, value }) => cursorNames.test(wholePlain) && value !== null && value !== '' && !isAddress(value),
  );
  if (cursor !== undefined) {
    const param = cursorParameter(cursor);
    return say({ kind: 'cursor', param, from: cursor.path }, `the parameter “${param}” is a guess from the answer’s “${cursor.path}”`);
  }
  const totalPages = find(totalPagesNames, isCount);
  const page = find(pageNames, isCount);
  if (totalPages !== undefined || page !== undefined) {
    const start = page?.value === 0 ? { start: 0 } : {};
    const end = totalPages === undefined ? {} : { end: { totalPages: totalPages.path } };
    return say(
      { kind: 'page', param: page?.name ?? 'page', ...start, ...size, ...end },
      ...(page === undefined ? ['the parameter “page” is a guess'] : []),
    );
  }
  const offset = find(offsetNames, isCount);
  if (offset !== undefined) {
    const start = Number(offset.value) > 0 ? { start: Number(offset.value) } : {};
    return say({
      kind: 'offset',
      param: offset.name,
      ...start,
      ...size,
      ...(totalField === undefined ? {} : { end: { total: totalField.path } }),
    });
  }
  const isMore = find(moreNames, (value) => typeof value === 'boolean');
  const goesOn = (totalCount !== null && totalCount > recordCount) || isMore?.value === true;
  if (goesOn || isMore !== undefined || sizeField !== undefined) {
    const end = isMore === undefined ? {} : { end: { when: `${isMore.path} == false` } };
    return say(
      { kind: 'page', param: 'page', ...size, ...end },
      'the answer does not say how the list goes on; numbered pages are a guess',
    );
  }
  // A round number of records is what a page looks like; the whole list is rarely so.
  const looksCut = recordCount >= 10 && (totalCount ?? recordCount + 1) > recordCount;
  return looksCut
    ? say(
        { kind: 'page', param: 'page' },
        `${recordCount} records came and nothing says whether there are more; numbered pages are a guess`,
      )
    : say({ kind: 'none' }, 'all records seem to come in one answer');
};
