import { openSource } from './support/open-source.ts';
import { requestOf } from './support/webhook-scene.ts';

const nowMs = Date.UTC(2026, 10, 26);

/** The door of a connector in the box, opened as the product does. */
const openDoor = async (id: string, settings: Readonly<Record<string, string>>) => {
  const { webhook } = (await openSource({ id, settings, clock: { nowMs: () => nowMs } })).connector;
  if (webhook === null) throw new Error('no webhook');
  return (body: object, headers: Readonly<Record<string, string>> = {}) =>
    webhook.verify(requestOf({ headers, body: JSON.stringify(body) }, `https://sync.example.com/webhooks/${id}`), nowMs);
};

const refused = expect.objectContaining({ code: 'webhook.unauthorised' });

describe('Pipedrive’s webhooks', () => {
  const settings = { address: 'https://acme.pipedrive.com', apiToken: 'a' };
  const secrets = { webhookUser: 'crm-sync', webhookPassword: 'new', oldWebhookPassword: 'old' };
  const basic = (password: string) => ({ authorization: `Basic ${Buffer.from(`crm-sync:${password}`).toString('base64')}` });
  const about = (entity: string, action: string) => ({
    meta: { action, entity, entity_id: '42', company_id: '1', version: '2.0' },
    data: null,
  });

  it('make persons and organizations be read again, also when they say deleted', async () => {
    const verify = await openDoor('pipedrive', { ...settings, ...secrets });
    expect(verify(about('person', 'delete'), basic('new'))).toMatchObject({
      trust: 'hint',
      events: [{ table: 'contact', recordIds: ['42'], action: 'upsert' }],
    });
    expect(verify(about('organization', 'change'), basic('old'))).toMatchObject({ events: [{ table: 'account', recordIds: ['42'] }] });
    expect(verify(about('deal', 'change'), basic('new'))).toMatchObject({ events: [] });
  });

  it('are refused with another password, and while none is set', async () => {
    const verify = await openDoor('pipedrive', { ...settings, ...secrets });
    expect(() => verify(about('person', 'change'), basic('guess'))).toThrow(refused);
    expect(() => verify(about('person', 'change'))).toThrow(refused);
    const open = await openDoor('pipedrive', settings);
    expect(() => open(about('person', 'change'), basic(''))).toThrow(refused);
  });
});

describe('Zoho’s notifications', () => {
  const settings = { clientId: 'a', clientSecret: 'b', refreshToken: 'c' };
  const about = (token: string) => ({ module: 'Contacts', ids: ['3652397000000624046', '2'], operation: 'delete', channel_id: '1', token });

  it('make records be read again, also when they say deleted', async () => {
    const verify = await openDoor('zoho', { ...settings, webhookToken: 'new', oldWebhookToken: 'old' });
    for (const token of ['new', 'old'])
      expect(verify(about(token))).toMatchObject({
        trust: 'hint',
        events: [{ table: 'contact', recordIds: ['3652397000000624046', '2'], action: 'upsert' }],
      });
    expect(() => verify(about('guess'))).toThrow(refused);
  });

  it('are refused while no token is set', async () => {
    const verify = await openDoor('zoho', settings);
    expect(() => verify(about(''))).toThrow(refused);
  });
});
