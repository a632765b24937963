import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OpenReceiver, openReceiver } from '../../../sandbox/support/webhook-receiver.ts';
import { golden, judge, openInBox, printed } from './support.ts';

const isThere = (command: string, ...args: readonly string[]): boolean => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** How each sample is run; node is what runs this. What a machine lacks is named among the skipped tests. */
const languages = [
  { file: 'send.mjs', command: process.execPath, isHere: true },
  { file: 'send.py', command: 'python3', isHere: isThere('python3', '--version') },
  { file: 'send.sh', command: 'sh', isHere: isThere('openssl', 'version') && isThere('curl', '--version') },
] as const;

describe('the samples for a CRM of any kind', () => {
  const folder = mkdtempSync(join(tmpdir(), 'crm-sync-samples-'));
  let receiver: OpenReceiver | undefined;
  afterEach(async () => {
    await receiver?.close();
    receiver = undefined;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const write = async (file: string, place: string): Promise<string> => {
    const { files } = await printed('northwind', place, { isNear: true });
    const path = join(folder, file);
    writeFileSync(path, files.find((one) => one.path === file)?.text ?? '');
    return path;
  };
  const run = (command: string, args: readonly string[]): Promise<number | null> =>
    new Promise((resolve) => {
      const child = spawn(command, args, { env: { ...process.env, CRM_SYNC_WEBHOOK_SECRET: golden.secret }, stdio: 'ignore' });
      child.once('close', resolve);
    });

  for (const { file, command, isHere } of languages) {
    (isHere ? it : it.skip)(`${file} posts, to the address of the source, what the door takes`, async () => {
      receiver = await openReceiver();
      // A quote in the address: it must not end the text that it stands in.
      const path = await write(file, `${receiver.url}?o'clock`);
      const body = '{"table":"people","event":"deleted","id":"42","note":"Zürich"}';
      expect(await run(command, [path, body])).toBe(0);
      const [message] = await receiver.untilReceived(1);
      if (message === undefined) throw new Error('nothing came');
      const connector = await openInBox('northwind', { settings: { hookSecret: golden.secret } });
      expect(judge(connector, message, Date.now())).toMatchObject({
        trust: 'full',
        deliveryId: expect.stringMatching(/^msg_/),
        events: [{ table: 'contact', action: 'delete', recordIds: ['42'] }],
      });
      expect(() => judge(connector, { ...message, body: message.body.replace('42', '43') }, Date.now())).toThrow();
    });

    (isHere ? it : it.skip)(`${file} says with its exit code that a delivery was refused, and does not repeat it`, async () => {
      receiver = await openReceiver([401, 202]);
      const path = await write(file, receiver.url);
      expect(await run(command, [path])).not.toBe(0);
      expect(receiver.messages).toHaveLength(1);
    });
  }

  it('have the same text to sign in every language, C# too, which is not run here', async () => {
    const { files } = await printed('northwind');
    const textOf = (file: string): string => files.find(({ path }) => path === file)?.text ?? '';
    expect(files.map(({ path }) => path)).toEqual(['Send.cs', 'send.mjs', 'send.py', 'send.sh']);
    expect(textOf('send.mjs')).toContain('`${id}.${timestamp}.${body}`');
    expect(textOf('send.py')).toContain('f"{delivery_id}.{timestamp}.{body}"');
    expect(textOf('send.sh')).toContain('"$id.$timestamp.$body"');
    expect(textOf('Send.cs')).toContain('$"{id}.{timestamp}.{body}"');
    expect(textOf('Send.cs')).toContain('new HMACSHA256(key)');
    for (const { text } of files) {
      for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature']) expect(text).toContain(name);
      expect(text).not.toContain('{{');
    }
  });

  it('are what any CRM gets whose signature they make and that has nothing of its own, with its own example', async () => {
    const { files } = await printed('northwind');
    expect(files.map(({ path }) => path)).toEqual(['Send.cs', 'send.mjs', 'send.py', 'send.sh']);
    expect(files.find(({ path }) => path === 'send.mjs')?.text).toContain(String.raw`'{\"table\":\"companies\",\"event\":\"updated\"`);
    expect((await printed('zendesk')).files).toEqual([]);
    const pipedrive = await printed('pipedrive');
    expect(pipedrive).toMatchObject({ files: [], steps: [expect.stringContaining('https://sync.example.com/webhooks/crm')] });
  });

  it.each([
    'http://sync.example.com/webhooks/crm',
    'https://127.0.0.1/webhooks/crm',
    'https://localhost/webhooks/crm',
    'https://10.1.2.3/webhooks/crm',
  ])('are not written for %s, which no CRM elsewhere can reach', async (place) => {
    await expect(printed('northwind', place)).rejects.toMatchObject({ code: 'webhook.address_unusable' });
    await expect(printed('salesforce', place)).rejects.toMatchObject({ code: 'webhook.address_unusable' });
  });

  it('name, for HubSpot’s developer platform, every event and every property that is mapped', async () => {
    const { files } = await printed('hubspot');
    const [file] = files;
    expect(file?.path).toBe('src/app/webhooks/webhooks-hsmeta.json');
    const { config } = JSON.parse(file?.text ?? '') as {
      config: {
        settings: object;
        subscriptions: Record<'legacyCrmObjects' | 'hubEvents', { subscriptionType: string; propertyName?: string }[]>;
      };
    };
    expect(config.settings).toMatchObject({ targetUrl: 'https://sync.example.com/webhooks/crm' });
    const { legacyCrmObjects, hubEvents } = config.subscriptions;
    expect(hubEvents).toMatchObject([{ subscriptionType: 'contact.privacyDeletion' }]);
    const properties = (type: string) => legacyCrmObjects.flatMap((one) => (one.subscriptionType === type ? [one.propertyName] : []));
    expect(properties('contact.propertyChange')).toEqual(expect.arrayContaining(['firstname', 'lastname', 'email', 'mobilephone', 'zip']));
    expect(properties('company.propertyChange')).toEqual(expect.arrayContaining(['name', 'domain', 'address2']));
    // HubSpot knows no subscription to these.
    expect(legacyCrmObjects.map(({ propertyName }) => propertyName)).not.toContain('lastmodifieddate');
    expect(legacyCrmObjects.map(({ propertyName }) => propertyName)).not.toContain('hs_lastmodifieddate');
  });
});
