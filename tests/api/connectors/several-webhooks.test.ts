import type { Message } from '../../sandbox/support/webhook-receiver.ts';
import { client, openZendesk } from '../../sandbox/zendesk/zendesk.ts';
import { install, received, requestOf, webhookScene } from './support/webhook-scene.ts';

const { clock, nowMs, closing, open, openReceiver } = webhookScene();

describe('several webhooks of one source', () => {
  it('have secrets of their own that the CRM makes: one’s deliveries are not believed at another', async () => {
    const crm = closing(await openZendesk({ now: clock.now, contacts: 3 }));
    const [main, further] = [await openReceiver(), await openReceiver()];
    const connector = await open({
      id: 'zendesk',
      settings: { address: crm.url, clientId: client.client_id, clientSecret: client.client_secret },
      adapt: (manifest) => {
        if (manifest.webhooks === undefined) throw new Error('no webhook');
        return { ...manifest, moreWebhooks: { further: manifest.webhooks } };
      },
    });
    const setups = [...connector.webhookSetups];
    expect(setups.map(([hook]) => hook)).toEqual(['', 'further']);
    for (const [hook, webhookSetup] of setups)
      expect(await install({ webhookSetup }, hook === '' ? main.url : further.url)).toMatchObject([{ outcome: 'made' }]);
    const { body } = await crm.get<{ users: readonly { id: number }[] }>('/api/v2/users?role=end-user');
    await crm.ask('PUT', `/api/v2/users/${body.users[0]?.id}`, { user: { name: 'New Name' } });
    const [toMain, toFurther] = [await received(main, 1), await received(further, 1)];
    const judge = async (message: Message, segments: readonly string[]) =>
      (await connector.webhook?.verifyWithStored?.({ ...requestOf(message, main.url), segments }, nowMs()))?.trust;
    expect([await judge(toMain, []), await judge(toFurther, ['further'])]).toEqual(['full', 'full']);
    await expect(judge(toMain, ['further'])).rejects.toMatchObject({ code: 'webhook.unauthorised' });
    await expect(judge(toFurther, [])).rejects.toMatchObject({ code: 'webhook.unauthorised' });
  });
});
