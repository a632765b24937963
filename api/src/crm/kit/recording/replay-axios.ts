import axios, { AxiosHeaders, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import type { CreateAxios } from '../../http/crm-http.ts';
import type { RecordedExchange } from './recording-file.ts';
import { recordedOrigin } from './tokens.ts';

/** Times in requests come from clocks: a request that differs only in them is the same. */
const timeless = (text: string): string =>
  text
    .replaceAll(/\d{4}-\d{2}-\d{2}([T ]\d{2}(:|%3A)\d{2}((:|%3A)\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?/gi, '<time>')
    .replaceAll(/\b\d{10}(\d{3})?\b/g, '<time>');

const canonical = (target: string): string => {
  const { pathname, searchParams } = new URL(target, recordedOrigin);
  searchParams.sort();
  return `${pathname}?${searchParams.toString()}`;
};

type Asked = Pick<RecordedExchange, 'method' | 'target' | 'requestBody'>;
const exactKey = ({ method, target, requestBody }: Asked): string => `${method} ${canonical(target)}\n${requestBody ?? ''}`;

export interface Replay {
  readonly createAxios: CreateAxios;
  /** Requests that the recording has no answer to, as `GET /people?page`: without values. */
  readonly unanswered: readonly string[];
}

/** What was asked several times is answered in turn, and then as the last time. */
const createShelf = (exchanges: readonly RecordedExchange[], keyOf: (exchange: RecordedExchange) => string) => {
  const shelf = new Map<string, RecordedExchange[]>();
  for (const exchange of exchanges) shelf.set(keyOf(exchange), [...(shelf.get(keyOf(exchange)) ?? []), exchange]);
  return (key: string): RecordedExchange | undefined => {
    const waiting = shelf.get(key);
    return waiting !== undefined && waiting.length > 1 ? waiting.shift() : waiting?.[0];
  };
};

/** 501 is not tried again, and no CRM answers it. */
const unknownStatus = 501;

/** A client for `openConnector` that answers from a recording and makes no connection. */
export const createReplay = (exchanges: readonly RecordedExchange[], secretParameter: string | null): Replay => {
  const ordinary = exchanges.filter(({ isSignIn }) => !isSignIn);
  const takeSignIn = createShelf(
    exchanges.filter(({ isSignIn }) => isSignIn),
    ({ target }) => new URL(target, recordedOrigin).pathname,
  );
  const takeExactly = createShelf(ordinary, exactKey);
  const takeNearly = createShelf(ordinary, (exchange) => timeless(exactKey(exchange)));
  const unanswered: string[] = [];

  const find = (url: URL, method: string, requestBody: string | null): RecordedExchange | null => {
    const key = exactKey({ method, target: `${url.pathname}${url.search}`, requestBody });
    return takeExactly(key) ?? takeNearly(timeless(key)) ?? takeSignIn(url.pathname) ?? null;
  };

  const answer = async (config: InternalAxiosRequestConfig): Promise<AxiosResponse> => {
    const url = new URL(config.url ?? '/', recordedOrigin);
    if (secretParameter !== null) url.searchParams.delete(secretParameter);
    const method = (config.method ?? 'get').toUpperCase();
    const sent: unknown = config.data;
    const found = find(url, method, typeof sent === 'string' ? sent : null);
    if (found === null) {
      const names = [...new Set(url.searchParams.keys())].join('&');
      unanswered.push(`${method} ${url.pathname}${names === '' ? '' : `?${names}`}`);
    }
    const { status, headers, cookies, body } = found ?? { status: unknownStatus, headers: {}, cookies: [], body: '' };
    const here = (text: string): string => text.replaceAll(recordedOrigin, url.origin);
    const named = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, here(value)]));
    return {
      config,
      status,
      statusText: '',
      headers: new AxiosHeaders({ ...named, ...(cookies.length === 0 ? {} : { 'set-cookie': cookies }) }),
      data: Buffer.from(here(body)),
    };
  };
  return { unanswered, createAxios: (config) => axios.create({ ...config, adapter: answer }) };
};
