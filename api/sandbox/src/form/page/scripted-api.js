/**
 * The API as one state of the gallery wants it. It stands in for `fetch`, and not on a server, because some states are an answer that
 * never comes: a browser has six connections to a server, and a gallery of such states would wait for itself.
 */

/**
 * What a request is answered with: a body, a problem, or nothing ever.
 * @typedef {{ readonly body: object } | { readonly problem: { readonly status: number, readonly code: string, readonly title?: string, readonly help?: string } } | 'never' | 'unreachable'} ScriptedAnswer
 * @typedef {'status' | 'check' | 'preview' | 'sync' | 'candidates' | 'link'} Door
 * @typedef {Readonly<Partial<Record<Door, ScriptedAnswer>>>} Script
 */

export const galleryOrigin = 'http://127.0.0.1:9';

/** @param {object} body @param {number} [status] */
const answerWith = (body, status = 200) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' },
  });

/** @param {AbortSignal} signal @returns {Promise<never>} */
const never = (signal) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new DOMException('The request was given up', 'AbortError')));
  });

/** @param {ScriptedAnswer} answer @param {AbortSignal} signal */
const settle = (answer, signal) => {
  if (answer === 'never') return never(signal);
  if (answer === 'unreachable') return Promise.reject(new TypeError('Failed to fetch'));
  if ('body' in answer) return Promise.resolve(answerWith(answer.body));
  const { status, code, title = 'The CRM is limiting us', help = 'Try again in a minute.' } = answer.problem;
  return Promise.resolve(
    answerWith({ type: 'about:blank', status, code, title, help, reference: '01JDEMO7K3', isRetryable: false }, status),
  );
};

/** @param {string} path @param {{ isDryRun?: boolean } | undefined} body @returns {Door} */
const doorOf = (path, body) => {
  const last = path.split('/').at(-1);
  if (last === 'sync') return body?.isDryRun ? 'preview' : 'sync';
  return last === 'check' || last === 'candidates' || last === 'link' ? last : 'status';
};

/**
 * Puts the scripts in place of the network, before the control's bundle asks for anything.
 * @param {(state: string) => Script} scriptOf by the first part of the path
 */
export const answerByScript = (scriptOf) => {
  const realFetch = window.fetch.bind(window);
  window.fetch = async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    if (url.origin !== galleryOrigin) return realFetch(request);
    const [, state = ''] = url.pathname.split('/');
    const script = scriptOf(state);
    if (url.pathname.endsWith('/sandbox/sign-in')) {
      return state === 'signed-out' ? answerWith({}, 401) : answerWith({ access_token: 'gallery', expires_in: 3600, token_type: 'Bearer' });
    }
    const text = await request.text();
    const door = doorOf(url.pathname, text === '' ? undefined : JSON.parse(text));
    // What a state does not mention goes as it does for a row that is fine: the check says what the status said.
    return settle(script[door] ?? script.status ?? 'never', request.signal);
  };
};
