import axios, { type AxiosResponse } from 'axios';
import type { CreateAxios } from '../../http/crm-http.ts';

/** One request and its answer as they went over the wire. Holds secrets and customer data: never stored or logged as it is. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly requestBody: string | null;
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
}

const textHeaders = (headers: AxiosResponse['headers']): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]: [string, unknown]) => (typeof value === 'string' ? [[name.toLowerCase(), value]] : [])),
  );

const toExchange = ({ config, status, headers, data }: AxiosResponse<unknown>): Exchange => {
  const cookies: unknown = headers['set-cookie'];
  const sent: unknown = config.data;
  return {
    method: (config.method ?? 'get').toUpperCase(),
    url: config.url ?? '',
    requestBody: typeof sent === 'string' ? sent : null,
    status,
    headers: textHeaders(headers),
    cookies: Array.isArray(cookies) ? cookies.map(String) : [],
    // The connector's clients take bytes and nothing else.
    body: Buffer.isBuffer(data) ? data : Buffer.alloc(0),
  };
};

/** A client for `openConnector` that keeps what goes over the wire, in the order of the answers. */
export const createCapture = (): { readonly createAxios: CreateAxios; readonly exchanges: readonly Exchange[] } => {
  const exchanges: Exchange[] = [];
  return {
    exchanges,
    createAxios: (config) => {
      const client = axios.create(config);
      client.interceptors.response.use((response) => {
        exchanges.push(toExchange(response));
        return response;
      });
      return client;
    },
  };
};
