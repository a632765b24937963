/** A sandbox Dataverse of the test's own on a free port, and a client that shows answers as they are. */
import { type DataverseOptions, type RunningDataverse, startDataverse } from '../../../api/sandbox/src/dataverse/server.ts';

export const people = {
  ada: '33333333-3333-4333-8333-333333333333',
  alex: '44444444-4444-4444-8444-444444444444',
  robin: '55555555-5555-4555-8555-555555555555',
  dana: '66666666-6666-4666-8666-666666666666',
} as const;
const applications: Readonly<Record<string, string>> = {
  application: '22222222-2222-4222-8222-222222222222',
  application2: '22222222-2222-4222-8222-222222222223',
  application3: '22222222-2222-4222-8222-222222222224',
};

/** Matchers for what differs from run to run. */
export const anyText: unknown = expect.any(String);
export const anyNumber: unknown = expect.any(Number);
export const anyEtag: unknown = expect.stringMatching(/^W\/"\d+"$/);
export const anything: unknown = expect.anything();

export type Json = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Json;
  /** The rows of a collection. */
  readonly rows: readonly Json[];
  readonly error: { readonly code: string; readonly message: string };
}

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** `application`, `application2` or `application3`, or a key of `people`; null sends no token. */
  readonly as?: string | null;
}

export interface TestDataverse extends RunningDataverse {
  readonly root: string;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  patch(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  delete(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Creates a row and gives its id. */
  create(set: string, body: unknown): Promise<string>;
  /** Below `/sandbox/`. */
  control(method: string, path: string, body?: unknown): Promise<Answer>;
}

/** The token is the name of its bearer. */
async function verifyToken(token: string) {
  const clientId = applications[token];
  if (clientId !== undefined) return { kind: 'application', clientId } as const;
  if (token === 'stranger') return { kind: 'person', objectId: '99999999-9999-4999-8999-999999999999' } as const;
  const objectId = Object.entries(people).find(([name]) => name === token)?.[1];
  return objectId === undefined ? null : ({ kind: 'person', objectId } as const);
}

export async function startTestDataverse(options: Partial<DataverseOptions> = {}): Promise<TestDataverse> {
  const running = await startDataverse({ host: '127.0.0.1', port: 0, verifyToken, ...options });
  const root = `${running.url}/api/data/v9.2/`;

  async function call(method: string, path: string, { body, headers = {}, as = 'application' }: CallOptions = {}): Promise<Answer> {
    const address = /^https?:/.test(path) ? path : `${root}${path}`;
    const response = await fetch(address, {
      method,
      headers: {
        ...(as === null ? {} : { authorization: `Bearer ${as}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return readAnswer(response);
  }

  return {
    ...running,
    root,
    call,
    get: (path, headers = {}) => call('GET', path, { headers }),
    post: (path, body, headers = {}) => call('POST', path, { body, headers }),
    patch: (path, body, headers = {}) => call('PATCH', path, { body, headers }),
    delete: (path, headers = {}) => call('DELETE', path, { headers }),
    async create(set, body) {
      const answer = await call('POST', set, { body });
      const id = /\(([0-9a-f-]{36})\)$/.exec(answer.headers.get('odata-entityid') ?? '')?.[1];
      if (id === undefined) throw new Error(`Could not create in ${set}: ${answer.status} ${answer.text}`);
      return id;
    },
    control: (method, path, body) => call(method, `${running.url}/sandbox/${path}`, { body, as: null }),
  };
}

async function readAnswer(response: Response): Promise<Answer> {
  // text() drops a byte order mark, which /$count has.
  const text = Buffer.from(await response.arrayBuffer()).toString('utf8');
  const isJson = (response.headers.get('content-type') ?? '').startsWith('application/json');
  const json = (isJson && text !== '' ? JSON.parse(text) : {}) as Json;
  return {
    status: response.status,
    headers: response.headers,
    text,
    json,
    rows: (json.value ?? []) as readonly Json[],
    error: (json.error ?? { code: '', message: '' }) as Answer['error'],
  };
}
