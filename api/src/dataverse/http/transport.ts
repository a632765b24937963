import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import axios, { type AxiosInstance, isAxiosError } from 'axios';
import { takeAnswer } from '../../take-answer.ts';
import type { AnswerHead } from './error-answer.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly signal: AbortSignal;
}

export interface HttpAnswer extends AnswerHead {
  readonly body: Buffer;
}

/** No answer came, or not the whole of it. Whether the request was carried out is unknown. */
export class NetworkFailure extends Error {
  /** Node's or axios' code, e.g. ECONNRESET: no host, no data. */
  readonly problem: string;
  /** A wrong certificate does not get better by trying again. */
  readonly isLasting: boolean;

  constructor(problem: string, cause: unknown) {
    super(problem, { cause });
    this.name = 'NetworkFailure';
    this.problem = problem;
    this.isLasting = /CERT|SELF_SIGNED|ERR_TLS|UNABLE_TO_/.test(problem);
  }
}

export interface Transport {
  exchange(request: HttpRequest): Promise<HttpAnswer>;
  close(): void;
}

/** Dataverse itself gives up on a request after two minutes, or five behind its gateway. */
const answerTimeoutMs = 330_000;
/** The largest body Dataverse takes (116.85 MB), and a bound for what we read. */
const largestBodyBytes = 122_527_744;

/**
 * axios, set so that it costs what Node's own client costs (measured on a 1.1 MB POST: 9.5 ms of CPU as it comes, 2.9 ms so):
 * the identity `transformRequest` keeps it from parsing our JSON text again, `maxRedirects: 0` leaves out a whole layer (and a token
 * must not follow a redirect). It keeps no cookies, which is wanted: Dataverse's affinity cookie would tie all lanes to one web server.
 */
const createAxios = (agents: { readonly http: HttpAgent; readonly https: HttpsAgent }): AxiosInstance =>
  axios.create({
    adapter: 'http',
    httpAgent: agents.http,
    httpsAgent: agents.https,
    proxy: false,
    maxRedirects: 0,
    maxBodyLength: largestBodyBytes,
    maxContentLength: largestBodyBytes,
    timeout: answerTimeoutMs,
    responseType: 'arraybuffer',
    transformRequest: [(data: unknown) => data],
    transformResponse: [(data: unknown) => data],
    validateStatus: () => true,
  });

export const createTransport = (options: { readonly maxSockets: number }): Transport => {
  const sockets = { keepAlive: true, maxSockets: options.maxSockets, scheduling: 'lifo' as const };
  const agents = { http: new HttpAgent(sockets), https: new HttpsAgent(sockets) };
  const client = createAxios(agents);
  return {
    exchange: async (request) => {
      try {
        const answer = await client.request<Buffer>({
          method: request.method,
          url: request.url,
          headers: { ...request.headers },
          data: request.body,
          signal: request.signal,
        });
        const headers = answer.headers;
        return {
          status: answer.status,
          header: (name) => {
            const value: unknown = headers[name];
            return typeof value === 'string' ? value : undefined;
          },
          body: takeAnswer(answer),
        };
      } catch (error) {
        request.signal.throwIfAborted();
        // axios' error holds the request with its token: only its code goes on.
        if (isAxiosError(error)) throw new NetworkFailure(error.code ?? 'ERR_UNKNOWN', undefined);
        throw error;
      }
    },
    close: () => {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
};
