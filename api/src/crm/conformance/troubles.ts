import { AxiosError } from 'axios';
import type { Exchange } from '../http/exchange.ts';
import { judgeWalk, walkAgain } from './judge-walk.ts';
import { type Strike, strikeAt } from './interposer.ts';
import { notRun, passed, type TableBench, type Verdict } from './types.ts';
import type { Walk } from './walk.ts';

/** An answer that the CRM never gave. Its Date header is missing, so it moves no clock. */
export const madeAnswer = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Exchange => ({
  status,
  body: Buffer.from(body),
  header: (name) => headers[name],
  cookies: [],
});

export const errorPage = '<html><body><h1>Something went wrong</h1></body></html>';

/** What node and axios say when the other side hangs up. */
export const cutConnection = (): AxiosError => new AxiosError('socket hang up', 'ECONNRESET');

/** In the middle of the list, or on its only page. */
export const middlePage = ({ smallPages }: TableBench): number => Math.min(2, smallPages.length);

/** One answer of the list in the middle of a walk is another one. */
export const strikeOnce = (bench: TableBench, strike: Parameters<typeof strikeAt>[2]): Strike =>
  strikeAt('list', (number) => number === middlePage(bench), strike);

export const neverStruck: Verdict = notRun('the walk made no request that could be disturbed');

/** Walks the list with an answer in its middle that passes by itself: all must be found, as if nothing had been. */
export const surviveOnce = async (
  bench: TableBench,
  options: { readonly what: string; readonly advice: string; readonly answer: () => Exchange },
): Promise<{ readonly verdict: Verdict; readonly walked: Walk; readonly waitedMs: number }> => {
  const strike = strikeOnce(bench, async () => options.answer());
  const { value: walked, waitedMs } = await bench.distorted(strike.distort, () => walkAgain(bench));
  const verdict = strike.count() === 0 ? neverStruck : ((await judgeWalk(bench, walked, options)) ?? passed());
  return { verdict, walked, waitedMs };
};
