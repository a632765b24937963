import { once } from 'node:events';
import { Agent, createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import axios from 'axios';
import { takeAnswer } from '../../api/src/take-answer.ts';

const megabyte = 1_048_576;

setFlagsFromString('--expose-gc');
const collectYoung = async (): Promise<void> => {
  const collect = runInNewContext('gc') as (options: { readonly type: 'minor' }) => void;
  for (let round = 0; round < 3; round += 1) {
    await turn();
    collect({ type: 'minor' });
  }
};

describe('the answer of an exchange', () => {
  let server: Server;
  let url: string;
  const agent = new Agent({ keepAlive: true });
  const client = axios.create({ httpAgent: agent, proxy: false, maxRedirects: 0, responseType: 'arraybuffer' });

  beforeAll(async () => {
    const body = Buffer.alloc(megabyte, 'ä');
    server = createServer((_request, response) => response.end(body)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    agent.destroy();
    server.close();
    await once(server, 'close');
  });

  it('is what the other side sent', async () => {
    expect(takeAnswer(await client.get<Buffer>(url)).toString()).toBe('ä'.repeat(megabyte / 2));
  });

  it('is free as soon as nobody holds it: a young collection is enough', async () => {
    const exchange = async (): Promise<number> => takeAnswer(await client.get<Buffer>(url)).length;
    await exchange();
    await collectYoung();
    const before = process.memoryUsage().arrayBuffers;
    for (let count = 0; count < 20; count += 1) expect(await exchange()).toBe(megabyte);
    await collectYoung();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * megabyte);
  });
});
