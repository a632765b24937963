import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import axios, { type AxiosInstance, type CreateAxiosDefaults } from 'axios';
import { takeAnswer } from '../../take-answer.ts';
import type { OperationName } from '../manifest/schema/parts.ts';
import { publicLookup } from './allowed-hosts.ts';

const maxAnswerBytes = 64 * 1024 * 1024;

/** A request as it leaves, signed. */
export interface SentRequest {
  readonly method: 'GET' | 'POST' | 'DELETE' | 'PUT' | 'PATCH';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly operation: OperationName;
}

/** What the CRM answered, before anything is made of it. */
export interface Exchange {
  readonly status: number;
  readonly body: Buffer;
  readonly header: (name: string) => string | undefined;
  readonly cookies: readonly string[];
}

/** One request, one answer. Throws what axios throws. */
export type Exchanger = (request: SentRequest, signal: AbortSignal) => Promise<Exchange>;

/** Stands between us and the CRM’s answers: how the conformance kit makes a CRM misbehave, with all the rest as it is. */
export type Interpose = (exchange: Exchanger) => Exchanger;

export type CreateAxios = (config: CreateAxiosDefaults) => AxiosInstance;

export interface ExchangerOptions {
  readonly timeoutMs: number;
  readonly maxSockets: number;
  readonly allowPrivateNetwork: boolean;
  readonly createAxios?: CreateAxios;
  readonly interpose?: Interpose;
}

/** Without these, axios parses a POST's body again to check it, follows redirects, and takes a proxy from the environment. */
const tune = ({ timeoutMs, allowPrivateNetwork, maxSockets }: ExchangerOptions): CreateAxiosDefaults => {
  const agent = { keepAlive: true, maxSockets, ...(allowPrivateNetwork ? {} : { lookup: publicLookup }) };
  return {
    timeout: timeoutMs,
    responseType: 'arraybuffer',
    transformRequest: [(data: unknown) => data],
    transformResponse: [(data: unknown) => data],
    maxRedirects: 0,
    proxy: false,
    maxContentLength: maxAnswerBytes,
    maxBodyLength: maxAnswerBytes,
    validateStatus: () => true,
    httpAgent: new HttpAgent(agent),
    httpsAgent: new HttpsAgent(agent),
  };
};

export const createExchanger = (options: ExchangerOptions): Exchanger => {
  const client = (options.createAxios ?? ((config) => axios.create(config)))(tune(options));
  const exchange: Exchanger = async ({ method, url, headers, body }, signal) => {
    const response = await client.request<Buffer>({ method, url, headers, ...(body === null ? {} : { data: body }), signal });
    const { status, headers: answered } = response;
    const cookies: unknown = answered['set-cookie'];
    const bytes = takeAnswer(response);
    return {
      status,
      body: Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes),
      header: (name) => {
        const value: unknown = answered[name];
        return typeof value === 'string' ? value : undefined;
      },
      cookies: Array.isArray(cookies) ? cookies.map(String) : [],
    };
  };
  return options.interpose?.(exchange) ?? exchange;
};
