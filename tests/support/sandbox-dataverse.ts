import { type JsonObject, requestJson } from './http-json.ts';

type EntitySet = 'accounts' | 'contacts';

/** The sandbox's Dataverse as a test handles it: through its Web API, as the application user. */
export interface SandboxDataverse {
  /** By path below `/api/data/v9.2/`, e.g. `contacts?$select=lastname`. */
  get<Body = JsonObject>(path: string): Promise<Body>;
  send<Body = JsonObject>(
    method: 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Body>;
  /** The sandbox's switches: which solutions are installed, what a choice offers, … */
  setEnvironment(settings: JsonObject): Promise<void>;
  /** All rows, following next links. `query` without its question mark, e.g. `$select=lastname&$filter=…`. */
  rows(set: EntitySet, query?: string): Promise<readonly JsonObject[]>;
  /** The row with this source key, e.g. `northwind~100001`; undefined when there is none. */
  rowByKey(set: EntitySet, sourceKey: string, query?: string): Promise<JsonObject | undefined>;
  count(set: EntitySet, filter?: string): Promise<number>;
  /** What it was asked and what it wrote since the start or the last clearing. */
  statistics(): Promise<DataverseStatistics>;
  clearStatistics(): Promise<void>;
  addFault(fault: DataverseFault): Promise<void>;
  clearFaults(): Promise<void>;
  /** Changes what the web servers allow and what work costs there: see `/sandbox/limits` in the sandbox's README. */
  changeLimits(changes: JsonObject): Promise<void>;
  /** The simulated moment, and how fast it moves. */
  clock(): Promise<{ readonly nowMs: number; readonly speed: number; readonly lateness: { readonly share: number } }>;
  /** Everything as at start: no rows, no faults, statistics at 0. */
  reset(): Promise<void>;
}

export interface DataverseStatistics {
  /** HTTP requests to the Web API; a batch is one. */
  readonly requests: number;
  /** By kind, alone or inside of a batch: retrieve, query, create, upsert, upsertMultiple, … */
  readonly operationsByKind: Readonly<Record<string, number>>;
  /** Committed row writes by table's logical name. */
  readonly writesByTable: Readonly<Record<string, number>>;
  readonly rowsCreated: number;
  readonly rowsUpdated: number;
  readonly faultsByKind: Readonly<Record<string, number>>;
  /** Answered 429. */
  readonly throttled: number;
  /** Simulated milliseconds since the start or the last clearing. */
  readonly elapsedMs: number;
  readonly byUserAndServer: readonly TrafficCount[];
}

export interface TrafficCount {
  readonly user: string;
  readonly server: number;
  readonly requests: number;
  readonly refused: Readonly<Record<'requests' | 'executionTime' | 'concurrentRequests', number>>;
  readonly executionMs: number;
  readonly peakConcurrent: number;
  readonly rowsWritten: number;
}

/** Trouble for the next `count` requests, or for each with a probability: see the sandbox's README for what every kind does. */
export interface DataverseFault {
  readonly kind:
    | 'throttle'
    | 'unavailable'
    | 'badGateway'
    | 'gatewayTimeout'
    | 'unauthorised'
    | 'sqlTimeout'
    | 'deadlock'
    | 'slow'
    | 'reset'
    | 'cutBody'
    | 'answerLost'
    | 'hang';
  readonly count?: number;
  readonly probability?: number;
  readonly seed?: number;
  /** Only requests whose path below `/api/data/v9.2/` begins with this. */
  readonly path?: string;
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly writesOnly?: boolean;
  readonly aboveRows?: number;
  readonly facet?: 'requests' | 'executionTime' | 'concurrentRequests';
  readonly retryAfterSeconds?: number;
  readonly retryAfterAs?: 'seconds' | 'date';
  readonly slowMs?: number;
}

interface Page {
  readonly value: readonly JsonObject[];
  readonly '@odata.nextLink'?: string;
  readonly '@odata.count'?: number;
}

export const connectToDataverse = ({
  dataverseUrl,
  token,
}: {
  readonly dataverseUrl: string;
  readonly token: string;
}): SandboxDataverse => {
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json', 'odata-version': '4.0', 'odata-maxversion': '4.0' };
  const api = `${dataverseUrl}/api/data/v9.2/`;
  const rows = async (set: EntitySet, query = ''): Promise<readonly JsonObject[]> => {
    const found: JsonObject[] = [];
    let next: string | undefined = `${api}${set}${query === '' ? '' : `?${query}`}`;
    while (next !== undefined) {
      const page: Page = await requestJson<Page>(next, { headers });
      found.push(...page.value);
      next = page['@odata.nextLink'];
    }
    return found;
  };
  const remove = async (what: 'statistics' | 'faults' | 'rows'): Promise<void> => {
    await requestJson(`${dataverseUrl}/sandbox/${what}`, { method: 'DELETE' });
  };
  return {
    get: (path) => requestJson(`${api}${path}`, { headers }),
    send: (method, path, body, more = {}) =>
      requestJson(`${api}${path}`, { method, headers: { ...headers, ...more }, ...(body === undefined ? {} : { body }) }),
    setEnvironment: async (settings) => {
      await requestJson(`${dataverseUrl}/sandbox/environment`, { method: 'POST', body: settings });
    },
    rows,
    rowByKey: async (set, sourceKey, query) => {
      const filter = `$filter=ccsync_sourcekey eq '${encodeURIComponent(sourceKey.replaceAll("'", "''"))}'`;
      return (await rows(set, query === undefined ? filter : `${query}&${filter}`))[0];
    },
    statistics: () => requestJson<DataverseStatistics>(`${dataverseUrl}/sandbox/statistics`),
    clearStatistics: () => remove('statistics'),
    addFault: async (fault) => {
      await requestJson(`${dataverseUrl}/sandbox/faults`, { method: 'POST', body: fault });
    },
    clearFaults: () => remove('faults'),
    changeLimits: async (changes) => {
      await requestJson(`${dataverseUrl}/sandbox/limits`, { method: 'POST', body: changes });
    },
    clock: () => requestJson(`${dataverseUrl}/sandbox/clock`),
    reset: () => remove('rows'),
    // $count alone stops at 5,000, as in Dataverse, so the rows are counted.
    count: async (set, filter) => (await rows(set, `$select=ccsync_sourcekey${filter === undefined ? '' : `&$filter=${filter}`}`)).length,
  };
};
