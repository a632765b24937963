import { conditions } from './conditions.js';

/** Dataverse, or the sign-in, said no. */
export class Refused extends Error {
  /** @param {number} status @param {string} message @param {string} [code] as Dataverse says it, e.g. `0x80040220` */
  constructor(status, message, code) {
    super(message);
    this.status = status;
    // By this name and as a number, as the platform's WebAPI rejects.
    this.errorCode = code === undefined ? undefined : Number(code);
  }
}

const signIn = async () => {
  const response = await fetch(`${conditions.authority}/sandbox/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: conditions.user, audience: location.origin }),
  });
  if (!response.ok) throw new Refused(response.status, 'The sandbox’s sign-in refused this person.');
  const { access_token: token, expires_in: seconds } = await response.json();
  return { token: String(token), goodUntilMs: Date.now() + (Number(seconds) - 60) * 1000 };
};

/** @type {ReturnType<typeof signIn> | undefined} */
let signedIn;

const personToken = async () => {
  signedIn ??= signIn();
  const { token, goodUntilMs } = await signedIn;
  if (Date.now() < goodUntilMs) return token;
  signedIn = undefined;
  return personToken();
};

/**
 * One request to the Web API as the person at the form. Path and query only: whatever host a next link names, we ask our own.
 * @param {string} path below /api/data/v9.2/, or a whole next link
 * @param {{ method?: string, body?: object, pageSize?: number, wantsRow?: boolean }} [options]
 * @returns {Promise<any>} the body, or undefined when there is none
 */
export const askDataverse = async (path, { method = 'GET', body, pageSize, wantsRow = false } = {}) => {
  const target = new URL(path, `${location.origin}/api/data/v9.2/`);
  const preferences = [
    'odata.include-annotations="*"',
    ...(pageSize ? [`odata.maxpagesize=${pageSize}`] : []),
    ...(wantsRow ? ['return=representation'] : []),
  ];
  const response = await fetch(`${target.pathname}${target.search}`, {
    method,
    headers: {
      authorization: `Bearer ${await personToken()}`,
      accept: 'application/json',
      prefer: preferences.join(','),
      'odata-version': '4.0',
      'odata-maxversion': '4.0',
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  const answer = text === '' ? undefined : JSON.parse(text);
  if (!response.ok) throw new Refused(response.status, answer?.error?.message ?? `HTTP ${response.status}`, answer?.error?.code);
  return answer;
};

/** @param {string} table account or contact */
export const entitySetOf = (table) => `${table}s`;

const rowPath = (/** @type {string} */ table, /** @type {string} */ id) => `${entitySetOf(table)}(${encodeURIComponent(id)})`;

/** `context.webAPI` of a control, against the sandbox's Dataverse. */
export const webApi = {
  /** @param {string} table @param {string} id @param {string} [options] */
  retrieveRecord: (table, id, options = '') => askDataverse(`${rowPath(table, id)}${options}`),
  /** @param {string} table @param {string} [options] @param {number} [pageSize] */
  retrieveMultipleRecords: async (table, options = '', pageSize = undefined) => {
    const page = await askDataverse(`${entitySetOf(table)}${options}`, pageSize ? { pageSize } : {});
    return { entities: page.value, nextLink: page['@odata.nextLink'] ?? '' };
  },
  /** @param {string} table @param {object} body */
  createRecord: async (table, body) => {
    const row = await askDataverse(entitySetOf(table), { method: 'POST', body, wantsRow: true });
    return { entityType: table, id: row[`${table}id`] };
  },
  /** @param {string} table @param {string} id @param {object} body */
  updateRecord: async (table, id, body) => {
    await askDataverse(rowPath(table, id), { method: 'PATCH', body });
    return { entityType: table, id };
  },
  /** @param {string} table @param {string} id */
  deleteRecord: async (table, id) => {
    await askDataverse(rowPath(table, id), { method: 'DELETE' });
    return { entityType: table, id };
  },
};
