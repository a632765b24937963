import { createHmac, randomUUID } from 'node:crypto';
import { letTimePass } from '../../support/let-time-pass.ts';
import { hookSecret, startProduct, type Product } from '../../support/product.ts';
import { waitFor } from '../../support/wait-for.ts';

const key = Buffer.from(hookSecret.slice('whsec_'.length), 'base64');

/** A CRM's sender by hand: it may say one delivery twice, and go on while nobody answers. */
const signed = (event: object, id: string) => {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const body = JSON.stringify(event);
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
  return { method: 'POST', body, headers };
};

describe('webhooks of the whole product', () => {
  let product: Product;

  beforeAll(async () => {
    product = await startProduct();
    await product.startApi();
    await product.run({ mode: 'full' });
  }, 60_000);
  afterAll(() => product.stop());

  const post = (event: object, id = `msg_${randomUUID()}`) => fetch(`${product.apiUrl}/webhooks/northwind`, signed(event, id));
  const changed = (id: string) => ({ table: 'people', event: 'updated', id });
  const list = (query = {}) => product.client().deliveries('northwind', query);
  const allDone = () =>
    waitFor(
      () => list({ state: 'waiting' }),
      ({ deliveries }) => deliveries.length === 0,
    );
  const peopleIds = async (): Promise<string[]> => {
    const { data } = await product.sandbox.crm.get<{ data: { id: number }[] }>('/api/v1/people?per_page=100');
    return data.map(({ id }) => String(id));
  };
  const phoneOf = async (id: string) => (await product.sandbox.dataverse.rowByKey('contacts', `northwind~${id}`))?.telephone1;

  it('what a webhook has brought is compared by the next incremental run, and not written again', async () => {
    const [id = ''] = await peopleIds();
    await product.sandbox.crm.patch('people', id, { phone: '+1 555 0001' });
    expect((await post(changed(id))).status).toBe(202);
    await waitFor(
      () => phoneOf(id),
      (phone) => phone === '+1 555 0001',
    );
    await allDone();
    const { state, counts } = await product.run({ mode: 'incremental' });
    expect(state).toBe('succeeded');
    expect(counts.read).toBeGreaterThan(0);
    expect(counts).toMatchObject({ written: 0, failed: 0 });
  });

  it('an admin sees each delivery, that it came twice, what became of it and which secret proved it; a forged one is counted', async () => {
    const [id = ''] = await peopleIds();
    await post(changed(id), 'msg_twice');
    await allDone();
    await post(changed(id), 'msg_twice');
    const forged = signed(changed(id), 'msg_forged');
    await fetch(`${product.apiUrl}/webhooks/northwind`, { ...forged, headers: { ...forged.headers, 'webhook-signature': 'v1,AAAA' } });
    const { webhooks, deliveries } = await waitFor(
      () => list(),
      (found) => (found.webhooks.hooks[0]?.refused.length ?? 0) > 0,
    );
    expect(deliveries[0]).toMatchObject({ deliveryKey: 'msg_twice', repeats: 1, state: 'done', outcome: { unchanged: 1 }, records: 1 });
    expect(webhooks).toMatchObject({
      hooks: [
        {
          address: `${product.apiUrl}/webhooks/northwind`,
          isSilent: false,
          secrets: [{ name: 'hookSecret' }],
          refused: [{ reason: 'signature', count: 1 }],
        },
      ],
      lagFromReceipt: { measured: expect.any(Number) },
    });
    expect((await product.client().sources())[0]?.webhooks?.hooks[0]?.lastOn).toBeDefined();
  });

  it('a delivery is handled again from the terminal, which shows it', async () => {
    const [id = ''] = await peopleIds();
    await post(changed(id), 'msg_again');
    await allDone();
    const cli = (...args: readonly string[]) => product.cli(['--api', product.apiUrl, ...args, '--source', 'northwind']);
    const listed = await cli('deliveries', 'list', '--limit', '1', '--from', '1h');
    const delivery = listed.lines.find(({ event }) => event === 'delivery');
    expect(delivery).toMatchObject({ deliveryKey: 'msg_again', state: 'done' });
    const deliveryId = Number(delivery?.id);
    // Somebody has changed the row; nothing of that is the CRM's.
    await product.sandbox.crm.patch('people', id, { phone: '+1 555 0002' });
    const replayed = await cli('deliveries', 'replay', '--ids', String(deliveryId));
    expect(replayed.lines).toMatchObject([{ event: 'replayed', replayed: 1, withoutPayload: 0 }]);
    await waitFor(
      () => phoneOf(id),
      (phone) => phone === '+1 555 0002',
    );
    await allDone();
    expect(await product.client().delivery('northwind', deliveryId)).toMatchObject({
      delivery: { state: 'done', outcome: { written: 1 } },
      events: [{ recordIds: [id] }],
    });
  }, 60_000);

  it('none is lost when the process is killed in the middle: whoever was answered is handled, and both sides are equal', async () => {
    const ids = await peopleIds();
    const answered: string[] = [];
    let killing: Promise<void> | null = null;
    for (const [position, id] of [...ids, ...ids, ...ids].entries()) {
      await product.sandbox.crm.patch('people', id, { phone: `+1 555 9${String(position).padStart(3, '0')}` });
      const deliveryId = `msg_kill_${position}`;
      const status = await post(changed(id), deliveryId).then(
        (response) => response.status,
        () => 0,
      );
      if (status === 202) answered.push(deliveryId);
      // In the middle of the work on those before.
      if (answered.length === ids.length) killing ??= product.killApi();
    }
    await killing;
    expect(answered.length).toBeGreaterThanOrEqual(ids.length);
    // What the dead process had in hand is free after half a minute.
    await letTimePass(product.environment.TEST_STORE_URL ?? '');
    await product.startApi();
    await allDone();
    const known = new Set((await list({ limit: 500 })).deliveries.map(({ deliveryKey }) => deliveryKey));
    expect(answered.filter((deliveryId) => !known.has(deliveryId))).toEqual([]);
    // What found nobody there comes again, as it does from a CRM.
    for (const [position, id] of [...ids, ...ids, ...ids].entries()) await post(changed(id), `msg_kill_${position}`);
    await allDone();
    expect((await product.run({ mode: 'verify' })).state).toBe('succeeded');
  }, 60_000);
});
