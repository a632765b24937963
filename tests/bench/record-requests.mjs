import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';

/**
 * Loaded into a Node process before its own program: writes one JSON line per HTTP request that the process has sent, once the last byte of
 * the answer has come. It is told by Node itself, so nothing stands between the process and its servers.
 */
const file = process.env.BENCH_REQUESTS_FILE;
const startedMs = new WeakMap();

// From the moment it is made: a wait for a connection is the network's, too.
subscribe('http.client.request.created', ({ request }) => {
  startedMs.set(request, performance.now());
});
subscribe('http.client.response.finish', ({ request, response }) => {
  response.once('end', () => {
    const line = { method: request.method, path: request.path.split('?')[0], startMs: startedMs.get(request), endMs: performance.now() };
    if (file !== undefined) appendFileSync(file, `${JSON.stringify(line)}\n`);
  });
});
