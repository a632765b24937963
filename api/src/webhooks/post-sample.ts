import type { PostSample } from './try-hook.ts';

/** As long as the most patient of CRMs wait. */
const timeoutMs = 15_000;

const codeOf = (error: unknown): string => {
  const { cause, name } = error instanceof Error ? error : { cause: undefined, name: '' };
  if (name === 'TimeoutError') return `it took longer than ${timeoutMs / 1000} seconds`;
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'the request could not be made';
};

/** A plain request, as anybody on the network would make it. Redirects are not followed, since CRMs do not. */
export const postSample: PostSample = async ({ url, headers, rawBody }, signal) => {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body: new Uint8Array(rawBody),
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    await response.body?.cancel();
    return { status: response.status };
  } catch (error) {
    signal.throwIfAborted();
    return { status: 0, problem: codeOf(error) };
  }
};
