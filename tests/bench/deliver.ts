import { createHmac, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { crmApiKey } from '../support/sandbox.ts';
import { allProcessors, processorTimeMs, waitedForProcessorMs } from './processor-time.ts';

/** What one delivery took until it was acknowledged, at its first try, in ms. */
export interface Answered {
  readonly tookMs: number;
  /** Of that: the API could have gone on and had no processor. */
  readonly apiWaitedMs: number;
  /** The same of the process that delivers, which is no part of the product. */
  readonly hereWaitedMs: number;
}

export interface Phase {
  /** Since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly acknowledged: number;
  readonly repeated: number;
  readonly answered: readonly Answered[];
  /** 1 is all processors of the machine. */
  readonly busyShare: number;
  /** 1 is one processor. */
  readonly apiUse: number;
}

export interface SenderOptions {
  readonly crmUrl: string;
  /** Names of what is posted about; each in turn. */
  readonly recordIds: readonly string[];
  readonly perSecond: number;
  /** How many deliveries come for one change: more than a CRM ever sends, as it should cost nothing. */
  readonly perChange: number;
  /** Of the webhook. */
  readonly key: Buffer;
  readonly api: { url(): string; processId(): number };
}

/** A CRM that posts one delivery every few milliseconds, whether the one before is answered or not, and again what was not answered. */
export const createSender = ({ crmUrl, recordIds, perSecond, perChange, key, api }: SenderOptions) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  let changes = 0;

  /** Status of the answer; 0 when there was none. */
  const send = (url: URL, method: string, body: string, headers: Readonly<Record<string, string>>): Promise<number> =>
    new Promise((resolve) => {
      const sent = request(url, { method, agent, headers: { 'content-type': 'application/json', ...headers } }, (response) => {
        response.resume().once('close', () => resolve(response.complete ? (response.statusCode ?? 0) : 0));
      });
      sent.once('error', () => resolve(0));
      sent.end(body);
    });

  const deliver = (id: string, recordId: string): Promise<number> => {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const body = JSON.stringify({ table: 'people', event: 'updated', id: recordId });
    const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
    const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
    return send(new URL('/webhooks/northwind', api.url()), 'POST', body, headers);
  };

  const measured = async (work: () => Promise<number>): Promise<readonly [status: number, answered: Answered]> => {
    const read = () => [performance.now(), waitedForProcessorMs(api.processId()), waitedForProcessorMs(process.pid)] as const;
    const before = read();
    const status = await work();
    const after = read();
    return [status, { tookMs: after[0] - before[0], apiWaitedMs: after[1] - before[1], hereWaitedMs: after[2] - before[2] }];
  };

  const post = async (seconds: number, inTheMiddle: (() => Promise<void>) | null = null): Promise<Phase> => {
    const count = perSecond * seconds;
    const answered: Answered[] = [];
    let acknowledged = 0;
    let repeated = 0;

    const sendOne = async (position: number): Promise<void> => {
      const recordId = recordIds[position % recordIds.length] ?? '';
      if (position % perChange === 0) {
        changes += 1;
        const phone = `+1 555 ${String(changes).padStart(6, '0')}`;
        await send(new URL(`/api/v1/people/${recordId}`, crmUrl), 'PATCH', JSON.stringify({ phone }), { 'x-api-key': crmApiKey });
      }
      const id = `msg_${randomUUID()}`;
      for (let tries = 0; ; tries += 1) {
        const [status, took] = await measured(() => deliver(id, recordId));
        if (status === 202) {
          if (tries === 0) answered.push(took);
          acknowledged += 1;
          return;
        }
        if (status !== 0 && status < 500) throw new Error(`a delivery was answered with ${status}`);
        repeated += 1;
        await delay(500);
      }
    };

    const startedMs = performance.now();
    const [all, apiMs] = [allProcessors(), processorTimeMs(api.processId())];
    const sending: Promise<void>[] = [];
    let disturbing: Promise<void> | null = null;
    for (let position = 0; position < count; position += 1) {
      const dueMs = startedMs + (position * 1000) / perSecond;
      const earlyMs = dueMs - performance.now();
      if (earlyMs > 0) await delay(earlyMs);
      if (inTheMiddle !== null && position >= count / 3) disturbing ??= inTheMiddle();
      sending.push(sendOne(position));
    }
    await Promise.all(sending);
    await disturbing;
    const tookMs = performance.now() - startedMs;
    const now = allProcessors();
    return {
      fromMs: performance.timeOrigin + startedMs,
      toMs: performance.timeOrigin + startedMs + tookMs,
      acknowledged,
      repeated,
      answered,
      busyShare: 1 - (now.idleMs - all.idleMs) / (now.totalMs - all.totalMs),
      apiUse: (processorTimeMs(api.processId()) - apiMs) / tookMs,
    };
  };

  return { post, stop: () => agent.destroy() };
};
