/** A request and its response as the Web API sees them, whether they came alone or as a part of a $batch. */
import type { Environment } from '../environment.ts';
import type { ExecutionMeter } from '../limits/execution-meter.ts';
import type { Caller } from '../security/caller.ts';
import type { Statistics } from '../control/statistics.ts';

/** Lower-case names. */
export type RequestHeaders = Readonly<Record<string, string | undefined>>;

export interface ApiRequest {
  readonly method: string;
  /** As sent, percent-encoded, relative to the service root: `accounts(…)/name`. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly query: string;
  readonly headers: RequestHeaders;
  readonly body: string;
}

export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The row that was written, relative to the service root: what a change set's `$1` stands for. */
  readonly rowAddress?: string;
}

export interface Session {
  readonly environment: Environment;
  readonly caller: Caller;
  readonly statistics: Statistics;
  /** Told of every row that is written or given out, as each costs execution time. */
  readonly meter: Pick<ExecutionMeter, 'rows'>;
  /** `http://host:port/api/data/v9.2/`: what links in answers start with. */
  readonly serviceRoot: string;
  /** Inside a change set: the addresses of rows made by its earlier parts, by Content-ID. */
  readonly contentIds: Map<string, string> | null;
}

const jsonHeaders = { 'Content-Type': 'application/json; odata.metadata=minimal' } as const;

export function jsonResponse(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): ApiResponse {
  return { status, headers: { ...jsonHeaders, ...headers }, body: JSON.stringify(body) };
}

export function noContent(headers: Readonly<Record<string, string>> = {}): ApiResponse {
  return { status: 204, headers, body: '' };
}
