import { isObject } from '../../expression/json.ts';
import { decodeJson } from '../../http/decode-json.ts';
import type { SentRequest } from '../../http/exchange.ts';
import { editAt, editRecords } from '../edit-answer.ts';
import { type Strike, strikeAt } from '../interposer.ts';
import { judgeWalk, walkAgain } from '../judge-walk.ts';
import { type Check, notRun, passed, type TableBench } from '../types.ts';

/** Asks for a smaller page than the manifest does; null when the request does not say a size. */
const askForLess = (request: SentRequest, name: string, where: 'query' | 'body', size: number): SentRequest | null => {
  if (where === 'query') {
    const url = new URL(request.url);
    if (!url.searchParams.has(name)) return null;
    url.searchParams.set(name, String(size));
    return { ...request, url: url.href };
  }
  const body = request.body === null ? undefined : decodeJson(Buffer.from(request.body));
  const edited = isObject(body) ? editAt(body, name.split('.'), () => size) : null;
  return edited === null ? null : { ...request, body: JSON.stringify(edited) };
};

/** The CRM has a largest page of its own, and it is smaller than what it is asked for. */
const smallerPages = ({ small, listPage }: TableBench): Strike | null => {
  if (listPage === undefined || listPage.kind === 'none' || listPage.sizeParam === undefined || small.pageSize === null) return null;
  const { sizeParam } = listPage;
  const where = 'in' in listPage ? (listPage.in ?? 'query') : 'query';
  const size = Math.max(1, Math.floor(small.pageSize / 2));
  return strikeAt(
    'list',
    () => true,
    async (request, ask) => {
      const less = askForLess(request, sizeParam, where, size);
      return less === null ? null : ask(less);
    },
  );
};

/** The CRM leaves the end of each page away. Only where the next page begins behind what has come is nothing lost by that. */
const shorterAnswers = ({ manifest, table, listPage }: TableBench): Strike | null => {
  if (listPage?.kind !== 'offset' && listPage?.kind !== 'keyset') return null;
  const records = table.list.records ?? table.records ?? manifest.records ?? '$';
  return strikeAt(
    'list',
    () => true,
    async (request, ask) =>
      editRecords(await ask(request), records, (list) => (list.length < 2 ? null : list.slice(0, Math.ceil(list.length / 2)))),
  );
};

export const cutPage: Check = {
  id: 'cut-page',
  promise: 'A page that is shorter than what was asked for is not taken for the last one.',
  how: 'Lets the CRM give pages of half the size, from the first to the last.',
  run: async (bench) => {
    if (bench.smallPages.length < 2) return notRun('all records come in one page');
    const strike = smallerPages(bench) ?? shorterAnswers(bench);
    if (strike === null) return notRun('the manifest asks for no page size, so the CRM decides by itself where each page is cut');
    const { value: walked } = await bench.distorted(strike.distort, () => walkAgain(bench));
    if (strike.count() === 0) return notRun('the request does not say how long a page is to be');
    const verdict = await judgeWalk(bench, walked, {
      what: 'With pages of half the size',
      advice:
        'Do not let the length of a page say that it is the last: remove `end.shortPage`, or ask for no more than the CRM gives at most (`size`).',
    });
    return verdict ?? passed(`${walked.pages.length} pages`);
  },
};
