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
const collectAll = runInNewContext('gc') as () => void;
const heldNow = async (): Promise<number> => {
  collectAll();
  await turn();
  return process.memoryUsage().arrayBuffers;
};
/**
 * V8 frees the bytes of what it has collected in the background, so it is asked until they are gone; not for ever, as a collection of all
 * that the other suites of this process have left takes half a second.
 */
const heldAtLast = async (isFine: (bytes: number) => boolean): Promise<number> => {
  let held = await heldNow();
  for (let round = 0; round < 20 && !isFine(held); round += 1) held = await heldNow();
  return held;
};

describe('the answer of an exchange', () => {
  let server: Server;
  let url: string;
  const agent = new Agent({ keepAlive: true });
  const client = axios.create({ httpAgent: agent, proxy: false, maxRedirects: 0, responseType: 'arraybuffer' });

  beforeAll(async () => {
    const body = Buffer.alloc(megabyte, 'ä');
    server = createServer((request, response) => {
      request.resume().on('end', () => response.end(body));
    }).listen(0, '127.0.0.1');
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

  it('is free as soon as nobody holds it, whatever axios and Node go on to hold of the exchange', async () => {
    const held: unknown[] = [];
    const exchange = async (): Promise<number> => {
      const response = await client.post<Buffer>(url, Buffer.alloc(megabyte));
      held.push(response, response.request, response.config);
      return takeAnswer(response).length;
    };
    await exchange();
    await heldNow();
    const before = await heldNow();
    for (let count = 0; count < 20; count += 1) expect(await exchange()).toBe(megabyte);
    const most = before + 4 * megabyte;
    expect(await heldAtLast((bytes) => bytes < most)).toBeLessThan(most);
    expect(held).toHaveLength(63);
  });
});
