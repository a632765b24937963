import { loadManifest } from '../../../api/src/crm/manifest/load-manifest.ts';
import { openConnector } from '../../../api/src/crm/open-connector.ts';
import { handClock } from '../../sandbox/support/hand-clock.ts';
import { openReceiver } from '../../sandbox/support/webhook-receiver.ts';
import { client, openZendesk } from '../../sandbox/zendesk/zendesk.ts';
import { createMemoryCredentials } from '../crm/support/memory-credentials.ts';

const clock = handClock('2026-05-01T10:00:00.000Z');
const nowMs = (): number => clock.now().getTime();
const signal = new AbortController().signal;
/** Closed after the test, also after one that failed. */
const opened: { readonly close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});
const closing = <Opened extends { readonly close: () => Promise<void> }>(one: Opened): Opened => {
  opened.push(one);
  return one;
};
describe('several webhooks of one source', () => {
  it('have secrets of their own that the CRM makes: one’s deliveries are not believed at another', async () => {
    const crm = closing(await openZendesk({ now: clock.now, contacts: 3 }));
    const [main, further] = [closing(await openReceiver()), closing(await openReceiver())];
    const manifest = await loadManifest('api/connectors/zendesk/manifest.yaml');
    if (manifest.webhooks === undefined) throw new Error('no webhook');
    const connector = openConnector({
      manifest: { ...manifest, moreWebhooks: { further: manifest.webhooks } },
      source: {
        id: 'zendesk',
        settings: { address: crm.url, clientId: client.client_id, clientSecret: client.client_secret },
        allowPrivateNetwork: true,
      },
      clock: { nowMs },
      credentials: createMemoryCredentials(),
      sleep: async (ms) => clock.passMs(ms),
    });
    const setups = [...connector.webhookSetups];
    expect(setups.map(([hook]) => hook)).toEqual(['', 'further']);
    for (const [hook, setup] of setups)
      expect(
        await setup.install({ address: hook === '' ? main.url : further.url, source: 'crm' }, { isReplacing: false, signal }),
      ).toMatchObject([{ outcome: 'made' }]);
    const { body } = await crm.get<{ users: readonly { id: number }[] }>('/api/v2/users?role=end-user');
    await crm.ask('PUT', `/api/v2/users/${body.users[0]?.id}`, { user: { name: 'New Name' } });
    const [[toMain], [toFurther]] = [await main.untilReceived(1), await further.untilReceived(1)];
    const judge = async (message: typeof toMain, segments: readonly string[]) => {
      if (message === undefined) throw new Error('nothing came');
      const request = { method: 'POST', url: main.url, headers: message.headers, rawBody: Buffer.from(message.body), segments };
      return (await connector.webhook?.verifyWithStored?.(request, nowMs()))?.trust;
    };
    expect([await judge(toMain, []), await judge(toFurther, ['further'])]).toEqual(['full', 'full']);
    await expect(judge(toMain, ['further'])).rejects.toMatchObject({ code: 'webhook.unauthorised' });
    await expect(judge(toFurther, [])).rejects.toMatchObject({ code: 'webhook.unauthorised' });
  });
});
