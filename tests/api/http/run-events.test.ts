import { fastify } from 'fastify';
import { AppError } from '../../../api/src/errors/app-error.ts';
import { namedSchemas } from '../../../api/src/http/references.ts';
import { createRunEvents } from '../../../api/src/http/run-events.ts';
import { RunFeed, aRun } from './support/run-feed.ts';
import { startServer, type TestServer } from './support/server.ts';

interface StreamEvent {
  readonly name: string;
  readonly id: string;
  readonly data: unknown;
}

const fieldOf = (block: string, name: string): string => block.match(new RegExp(`^${name}: (.*)$`, 'm'))?.[1] ?? '';

/** Reads events one by one, as a browser's EventSource would. */
async function* eventsOf(response: Response): AsyncGenerator<StreamEvent> {
  if (!response.body) return;
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      if (block.startsWith(':')) continue;
      yield { name: fieldOf(block, 'event'), id: fieldOf(block, 'id'), data: JSON.parse(fieldOf(block, 'data')) };
    }
  }
}

describe('the live progress of a run', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  it('arrives state by state and ends with the final one', async () => {
    const { feed } = server.services;
    feed.push(aRun());
    const response = await server.as('admin', '/api/runs/run-1/events');
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store, no-transform');
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    const events = eventsOf(response);
    expect((await events.next()).value).toEqual({ name: 'run', id: '1', data: aRun() });
    feed.push(aRun({ counts: { ...aRun().counts, read: 5, written: 5 } }));
    expect((await events.next()).value).toMatchObject({ id: '2', data: { counts: { read: 5 } } });
    feed.push(aRun({ state: 'partial' }));
    expect((await events.next()).value).toMatchObject({ id: '3', data: { state: 'partial' } });
    expect((await events.next()).done).toBe(true);
    await feed.ended;
  });

  it('of a run that is over is one event', async () => {
    server.services.feed.push(aRun({ state: 'succeeded' }));
    const response = await server.as('admin', '/api/runs/run-1/events');
    const events = await Array.fromAsync(eventsOf(response));
    expect(events).toMatchObject([{ name: 'run', data: { state: 'succeeded' } }]);
  });

  it('of an unknown run is a plain 404', async () => {
    const response = await server.as('admin', '/api/runs/run-2/events');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'run.unknown' });
  });

  it('is no longer watched once the reader has left', async () => {
    const { feed } = server.services;
    const leaving = new AbortController();
    feed.push(aRun());
    const response = await server.as('admin', '/api/runs/run-1/events', { signal: leaving.signal });
    await eventsOf(response).next();
    leaving.abort();
    await feed.ended;
    expect(feed.wasAborted).toBe(true);
  });

  it('ends with the problem when the watch breaks', async () => {
    const { feed } = server.services;
    feed.push(aRun());
    const events = eventsOf(await server.as('admin', '/api/runs/run-1/events'));
    await events.next();
    feed.push(new AppError('store.unavailable', { problem: 'it is gone' }));
    expect((await events.next()).value).toMatchObject({ name: 'problem', data: { code: 'store.unavailable', isRetryable: true } });
    expect((await events.next()).done).toBe(true);
  });

  it('does not keep the server from closing', async () => {
    const { feed } = server.services;
    feed.push(aRun());
    const events = eventsOf(await server.as('admin', '/api/runs/run-1/events'));
    await events.next();
    const closed = server.close();
    expect((await events.next()).done).toBe(true);
    await closed;
    await feed.ended;
  });

  it('waits for a slow reader instead of filling the memory, and leaves nothing out', async () => {
    const { feed } = server.services;
    // Together far more than the sockets between us can hold.
    const wide = aRun({ requestedBy: 'x'.repeat(1_000_000) });
    const count = 40;
    for (let i = 0; i < count; i += 1) feed.push(wide);
    feed.push(aRun({ state: 'succeeded' }));
    const response = await server.as('admin', '/api/runs/run-1/events');
    // Other requests are served meanwhile; a stream that did not wait would have taken every state before them.
    for (let i = 0; i < 3; i += 1) await server.as('admin', '/api/sources');
    expect(feed.waitingCount).toBeGreaterThan(0);
    const events = await Array.fromAsync(eventsOf(response));
    expect(events).toHaveLength(count + 1);
  });

  it('keeps a silent connection alive with comments', async () => {
    const app = fastify({ logger: false });
    for (const schema of namedSchemas()) app.addSchema(schema);
    const runEvents = createRunEvents(1);
    const feed = new RunFeed();
    app.get('/events', async (request, reply) => runEvents.open({ watch: (signal) => feed.watch(signal), request, reply }));
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    feed.push(aRun());
    const { body } = await fetch(`${url}/events`);
    let text = '';
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      if (text.includes(': still here\n\n: still here\n\n')) break;
    }
    expect(text).toMatch(/^event: run\nid: 1\ndata: .+\n\n: still here\n\n/);
    await feed.ended;
    await app.close();
  });
});
