import type { ServerResponse } from 'node:http';
import { type Run, createApiClient } from '../../../api/client/src/index.ts';
import { type LocalServer, sendJson, startLocalServer } from './local-server.ts';
import { noCounts, runWith } from './runs.ts';

let server: LocalServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const openStream = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' });
const eventOf = (run: Run) => `event: run\ndata: ${JSON.stringify(run)}\n\n`;
const readUpTo = (read: number, state: Run['state'] = 'running') => runWith({ state, counts: { ...noCounts, read } });

const watch = async (url: string, { silenceLimitMs }: { silenceLimitMs?: number } = {}) => {
  const seen: Run[] = [];
  let interruptions = 0;
  const tries: number[] = [];
  const client = createApiClient({
    baseUrl: url,
    getToken: async () => 'a-token',
    reconnectDelayMs: (nth) => {
      tries.push(nth);
      return 1;
    },
    ...(silenceLimitMs === undefined ? {} : { silenceLimitMs }),
  });
  await client.watchRun('run-1', {
    signal: new AbortController().signal,
    onRun: (run) => seen.push(run),
    onInterrupted: () => {
      interruptions += 1;
    },
  });
  return { reads: seen.map((run) => run.counts.read), lastState: seen.at(-1)?.state, interruptions, tries };
};

describe('watching a run', () => {
  it('tells every step and ends with the final one, even when the server keeps the line open', async () => {
    server = await startLocalServer((_, response) => {
      openStream(response).write(eventOf(readUpTo(0)) + eventOf(readUpTo(50)));
      response.write(eventOf(readUpTo(100, 'succeeded')));
    });
    expect(await watch(server.url)).toEqual({ reads: [0, 50, 100], lastState: 'succeeded', interruptions: 0, tries: [] });
    expect(server.requests[0]).toMatchObject({ line: 'GET /api/runs/run-1/events', headers: { authorization: 'Bearer a-token' } });
  });

  it('does not mind where the network cuts the stream, comments, other events or CRLF', async () => {
    const run = runWith({ state: 'succeeded', requestedBy: 'Åsa Ödegård' });
    const whole = Buffer.from(
      `: hello\r\n\r\nevent: other\r\ndata: 1\r\n\r\n${eventOf(readUpTo(7)).replaceAll('\n', '\r\n')}${eventOf(run)}`,
    );
    server = await startLocalServer((_, response) => {
      openStream(response);
      const writeFrom = (position: number): void => {
        if (position < whole.length) response.write(whole.subarray(position, position + 1), () => setImmediate(writeFrom, position + 1));
      };
      response.socket?.setNoDelay(true);
      writeFrom(0);
    });
    expect(await watch(server.url)).toMatchObject({ reads: [7, 0], lastState: 'succeeded', interruptions: 0 });
  });

  it('opens the stream again when it ends or breaks before the run is over', async () => {
    server = await startLocalServer((_, response, nth) => {
      openStream(response);
      if (nth === 1) response.end(eventOf(readUpTo(10)));
      else if (nth === 2) response.write(eventOf(readUpTo(20)), () => response.destroy());
      else response.end(eventOf(readUpTo(30, 'partial')));
    });
    expect(await watch(server.url)).toMatchObject({ lastState: 'partial', interruptions: 2, tries: [1, 1] });
  });

  it('waits longer after each failure in a row, also when the API is down for a while', async () => {
    server = await startLocalServer((_, response, nth) => {
      if (nth <= 2)
        sendJson(response, 503, { code: 'store.unavailable', title: 'Down', help: 'Wait', reference: 'r', status: 503, isRetryable: true });
      else openStream(response).end(eventOf(readUpTo(1, 'succeeded')));
    });
    expect(await watch(server.url)).toMatchObject({ lastState: 'succeeded', tries: [1, 2] });
  });

  it('takes a stream that says nothing at all for dead', async () => {
    server = await startLocalServer((_, response, nth) => {
      openStream(response);
      if (nth === 1) response.flushHeaders();
      else response.end(eventOf(readUpTo(1, 'cancelled')));
    });
    expect(await watch(server.url, { silenceLimitMs: 50 })).toMatchObject({ lastState: 'cancelled', interruptions: 1 });
  });

  it.each([
    ['opens the stream again', true],
    ['gives up', false],
  ])('%s when the server says that the stream broke and whether to try again: %s', async (_, isRetryable) => {
    const problem = { type: 't', code: 'store.unavailable', title: 'Down', help: 'Wait', reference: 'r', status: 503, isRetryable };
    server = await startLocalServer((_request, response, nth) => {
      openStream(response).end(nth === 1 ? `event: problem\ndata: ${JSON.stringify(problem)}\n\n` : eventOf(readUpTo(1, 'succeeded')));
    });
    if (isRetryable) expect(await watch(server.url)).toMatchObject({ lastState: 'succeeded', interruptions: 1 });
    else await expect(watch(server.url)).rejects.toMatchObject({ code: 'store.unavailable', reference: 'r' });
  });

  it('gives up at once when trying again would not help', async () => {
    server = await startLocalServer((_, response) =>
      sendJson(response, 404, {
        code: 'run.unknown',
        title: 'There is no run',
        help: 'List them',
        reference: 'r',
        status: 404,
        isRetryable: false,
      }),
    );
    await expect(watch(server.url)).rejects.toMatchObject({ code: 'run.unknown' });
    expect(server.requests).toHaveLength(1);
  });

  it('does not hide a bug of the one who listens', async () => {
    server = await startLocalServer((_, response) => openStream(response).end(eventOf(readUpTo(1))));
    const client = createApiClient({ baseUrl: server.url, getToken: async () => undefined, reconnectDelayMs: () => 1 });
    const bug = new TypeError('a bug');
    const watching = client.watchRun('run-1', {
      signal: new AbortController().signal,
      onRun: () => {
        throw bug;
      },
    });
    await expect(watching).rejects.toBe(bug);
  });

  it('ends quietly, and hangs up, when the page is left', async () => {
    const left = new AbortController();
    const hungUp = new Promise<void>((resolve) => {
      void startLocalServer((_, response) => {
        response.on('close', resolve);
        openStream(response).write(eventOf(readUpTo(1)));
      }).then((started) => {
        server = started;
        const client = createApiClient({ baseUrl: started.url, getToken: async () => undefined });
        return client.watchRun('run-1', { signal: left.signal, onRun: () => left.abort() });
      });
    });
    await hungUp;
    expect(server?.requests).toHaveLength(1);
  });
});
