import { AppError } from '../../errors/app-error.ts';
import { compileListPath } from '../expression/compile.ts';
import { compileTextTemplate } from '../expression/slots.ts';
import type { WebhooksBody } from '../manifest/schema/webhook.ts';
import type { IdReader } from '../reader/record-id.ts';
import type { JsonValue, TableName } from '../types.ts';
import { createDelivery, type Delivery, isRefusal, type Refusal } from './delivery.ts';
import { createDeliveryIdReader } from './delivery-id.ts';
import { compileEventReader } from './events.ts';
import { compileHandshakes } from './handshake.ts';
import { openVerifier, type SecretSettings } from './open-verifier.ts';
import { decodeKey } from './signing-key.ts';
import type { VerifiedDelivery, WebhookAnswer, WebhookRequest } from './types.ts';

const accepted: WebhookAnswer = { status: 202, type: null, body: '' };

/** The same to the sender, whatever the reason. */
export const refuse = (reason: Refusal): AppError => new AppError('webhook.unauthorised', { reason });

const compileTenant = (tenant: WebhooksBody['tenant'], settings: Readonly<Record<string, string>>): ((delivery: Delivery) => boolean) => {
  if (tenant === undefined) return () => true;
  const select = compileListPath(tenant.path);
  const wanted = compileTextTemplate(tenant.is)({ settings });
  return (delivery) => {
    const found = select(delivery.body());
    return wanted !== '' && found.length > 0 && found.every((value) => (typeof value === 'object' ? false : String(value) === wanted));
  };
};

/** For answers that sign a challenge. */
const firstKey = ({ verify }: WebhooksBody, { settings }: SecretSettings): Buffer | null => {
  if (verify.kind !== 'hmac' && verify.kind !== 'standardWebhooks') return null;
  const writing = verify.kind === 'hmac' ? (verify.key ?? 'utf8') : 'whsec';
  const texts = [verify.secret].flat().flatMap((name) => settings.get(name) ?? []);
  return texts.map((text) => decodeKey(text, writing)).find((key) => key !== null) ?? null;
};

const parametersOf = (url: string): JsonValue => Object.fromEntries(URL.canParse(url) ? new URL(url).searchParams : []);

/** One webhook of a source: whom it believes, what it reads, what it answers. */
export interface Hook {
  /** How many parts of the address stand behind the webhook's own. */
  readonly restLength: number;
  receive(request: WebhookRequest, rest: readonly string[], nowMs: number): VerifiedDelivery;
}

export const createHook = (options: {
  readonly sourceId: string;
  readonly webhooks: WebhooksBody;
  readonly settings: Readonly<Record<string, string>>;
  readonly furtherSecrets?: Readonly<Record<string, readonly string[]>>;
  readonly idReaders: Readonly<Partial<Record<TableName, IdReader>>>;
}): Hook => {
  const { sourceId, webhooks, settings, furtherSecrets = {}, idReaders } = options;
  const secrets: SecretSettings = { sourceId, settings: new Map(Object.entries(settings)), furtherSecrets };
  const verify = openVerifier(webhooks.verify, secrets);
  const readHandshake = compileHandshakes(webhooks.handshakes ?? [], secrets, firstKey(webhooks, secrets));
  const isTenant = compileTenant(webhooks.tenant, settings);
  const readDeliveryId = createDeliveryIdReader(webhooks);
  const readEvents = compileEventReader(webhooks, idReaders);
  const { status = accepted.status, type = null, body = accepted.body } = webhooks.ack ?? {};
  const ack: WebhookAnswer = { status, type, body };

  const receiveQuestion = (question: JsonValue | undefined, method: 'GET' | 'POST', refusal: Refusal): VerifiedDelivery => {
    const answer = question === undefined ? null : readHandshake(question, method, false);
    if (answer === null) throw refuse(refusal);
    return { kind: 'handshake', deliveryId: '', events: [], trust: 'hint', secret: '', answer };
  };

  const asksWithoutProof = (webhooks.handshakes ?? []).some(({ method, unsigned, token }) => method !== 'GET' && (unsigned || token));

  return {
    restLength: webhooks.verify.kind === 'pathToken' ? 1 : 0,
    receive: (request, rest, nowMs) => {
      if (request.method === 'GET') return receiveQuestion(parametersOf(request.url), 'GET', 'signature');
      const delivery = createDelivery(request, rest, webhooks.format ?? 'json');
      const proof = verify(delivery, nowMs);
      if (isRefusal(proof)) {
        // What nobody has vouched for is parsed only where the manifest expects a question in it.
        return receiveQuestion(asksWithoutProof ? delivery.body() : undefined, 'POST', proof);
      }
      const { trust, secret } = proof;
      const question = webhooks.handshakes === undefined ? undefined : delivery.body();
      const answer = question === undefined ? null : readHandshake(question, 'POST', true);
      if (answer !== null) return { kind: 'handshake', deliveryId: proof.digest, events: [], trust, secret, answer };
      if (!isTenant(delivery)) throw refuse('tenant');
      return {
        kind: 'events',
        deliveryId: readDeliveryId(delivery, proof, nowMs),
        events: readEvents(delivery, trust),
        trust,
        secret,
        answer: ack,
      };
    },
  };
};
