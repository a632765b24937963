import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemOf } from '../contract/problem.ts';
import { type RunBody, RunSchema } from '../contract/runs.ts';
import { asAppError } from './problem.ts';
import { named } from './references.ts';

const finalStates: ReadonlySet<RunBody['state']> = new Set(['succeeded', 'partial', 'failed', 'cancelled']);
const runReference = named(RunSchema);

interface OpenRequest {
  readonly watch: (signal: AbortSignal) => AsyncIterable<RunBody>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

const eventText = (name: string, id: number, data: string): string => `event: ${name}\nid: ${id}\ndata: ${data}\n\n`;

/**
 * Streams of server-sent events, one for each reader of a run. Every event holds the whole run, so a reader that was away needs
 * nothing replayed. The comment between events keeps proxies from closing a silent connection; most wait 60 s.
 */
export const createRunEvents = (heartbeatMs = 15_000) => {
  const readers = new Set<AbortController>();

  return {
    /** Resolves once the run is known, so that an unknown one can still be answered with its problem. */
    async open({ watch, request, reply }: OpenRequest): Promise<Readable> {
      const reader = new AbortController();
      const { signal } = reader;
      readers.add(reader);
      reply.raw.once('close', () => reader.abort());
      signal.addEventListener('abort', () => readers.delete(reader));

      const runs = watch(signal)[Symbol.asyncIterator]();
      const first = await runs.next().catch((error: unknown) => {
        reader.abort();
        throw error;
      });

      const stream = new PassThrough();
      // Whatever the run does: who has left, or a server that closes, waits for nothing more.
      signal.addEventListener('abort', () => stream.end());
      const heartbeat = setInterval(() => {
        if (!stream.writableNeedDrain) stream.write(': still here\n\n');
      }, heartbeatMs);
      const serialise = reply.compileSerializationSchema({ ...runReference });

      const send = async (): Promise<void> => {
        let id = 0;
        for (let next = first; !next.done && !signal.aborted; next = await runs.next()) {
          id += 1;
          // A reader that is slower than the run skips states rather than fill our memory.
          if (!stream.write(eventText('run', id, serialise(next.value)))) await once(stream, 'drain', { signal });
          if (finalStates.has(next.value.state)) break;
        }
      };

      send()
        .catch((error: unknown) => {
          if (signal.aborted) return;
          request.log.error({ err: error }, 'the stream of a run broke');
          stream.write(eventText('problem', 0, JSON.stringify(problemOf(asAppError(error, request), request.id))));
        })
        .finally(() => {
          clearInterval(heartbeat);
          reader.abort();
        })
        .then(() => runs.return?.())
        .catch((error: unknown) => request.log.error({ err: error }, 'the watch of a run did not end cleanly'));
      return stream;
    },

    endAll(): void {
      for (const reader of readers) reader.abort();
    },
  };
};
