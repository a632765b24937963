import type { SourceConnector } from '../../../../api/src/crm/types.ts';
import type { HookChange, HookPlace, WebhookSetup } from '../../../../api/src/crm/webhook/install/types.ts';
import type { WebhookRequest } from '../../../../api/src/crm/webhook/types.ts';
import { handClock } from '../../../sandbox/support/hand-clock.ts';
import { type Message, type OpenReceiver, openReceiver } from '../../../sandbox/support/webhook-receiver.ts';
import { type OpenSourceOptions, openSource } from './open-source.ts';

const signal = new AbortController().signal;

/** Where the CRM is told to post. */
export const place = (address: string): HookPlace => ({ address, source: 'crm' });

/** A connector, and the set-up of its webhook that has no name of its own. */
export type ConnectorWithWebhook = SourceConnector & { readonly webhookSetup: WebhookSetup };

/** Has the CRM post there. */
export const install = (
  { webhookSetup }: Pick<ConnectorWithWebhook, 'webhookSetup'>,
  address: string,
  isReplacing = false,
): Promise<readonly HookChange[]> => webhookSetup.install(place(address), { isReplacing, signal });

/** The first, second, … that came; waits until it is there. */
export const received = async (receiver: OpenReceiver, count: number): Promise<Message> => {
  const message = (await receiver.untilReceived(count))[count - 1];
  if (message === undefined) throw new Error('nothing came');
  return message;
};

/** As the product sees it that listens there. */
export const requestOf = ({ headers, body }: { readonly headers: object; readonly body: string }, url: string): WebhookRequest => ({
  method: 'POST',
  url,
  headers: { ...headers },
  rawBody: Buffer.from(body),
});

/** Called in a test file: CRMs whose time stands until somebody sleeps, and the connectors that have them post. */
export const webhookScene = () => {
  const clock = handClock('2026-05-01T10:00:00.000Z');
  const nowMs = (): number => clock.now().getTime();

  const opened: { readonly close: () => Promise<void> }[] = [];
  /** After the test, also after one that fails. */
  const closing = <Opened extends { readonly close: () => Promise<void> }>(one: Opened): Opened => {
    opened.push(one);
    return one;
  };
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });

  return {
    clock,
    nowMs,
    closing,
    openReceiver: async (): Promise<OpenReceiver> => closing(await openReceiver()),
    open: async (options: OpenSourceOptions): Promise<ConnectorWithWebhook> => {
      // Waiting for a budget moves the time.
      const { connector } = await openSource({ clock: { nowMs }, sleep: async (ms) => clock.passMs(ms), ...options });
      const webhookSetup = connector.webhookSetups.get('');
      if (webhookSetup === undefined) throw new Error(`${options.id} has no webhook`);
      return { ...connector, webhookSetup };
    },
  };
};
