import { AppError } from '../../errors/app-error.ts';
import type { WebhooksBody } from '../manifest/schema/webhook.ts';
import type { IdReader } from '../reader/record-id.ts';
import type { TableName, WebhookDoor } from '../types.ts';
import { compileEventReader } from './events.ts';
import { toHmacScheme } from './scheme.ts';
import { signedTokensIn } from './signed-text.ts';
import { decodeKey } from './signing-key.ts';
import { createSignatureVerifier } from './verify-signature.ts';

const minuteMs = 60_000;

/**
 * Where the CRM gives no id of its deliveries and signs no time, two true deliveries may be the same to the byte. They are then
 * told apart by the minute: a retry may be handled twice, which costs a read; taking the second for the first would lose a change.
 */
const repeatableId = (digest: string, nowMs: number): string => `${digest}@${Math.floor(nowMs / minuteMs)}`;

export const createWebhookDoor = (options: {
  readonly sourceId: string;
  readonly webhooks: WebhooksBody;
  readonly settings: Readonly<Record<string, string>>;
  readonly idReaders: Readonly<Partial<Record<TableName, IdReader>>>;
}): WebhookDoor => {
  const { sourceId, webhooks, settings, idReaders } = options;
  const scheme = toHmacScheme(webhooks.verify);
  const settingsByName = new Map(Object.entries(settings));
  const keys = [webhooks.verify.secret].flat().flatMap((name) => {
    const secret = settingsByName.get(name);
    if (secret === undefined) return [];
    const key = decodeKey(secret, scheme.key);
    if (key === null)
      throw new AppError('source.settings_invalid', {
        source: sourceId,
        problem: `“${name}” is not a signing secret of the kind ${scheme.key}`,
      });
    return [key];
  });
  const verifySignature = createSignatureVerifier(scheme, keys);
  const isTimeSigned = signedTokensIn(scheme.sign).has('timestamp');
  const readEvents = compileEventReader(webhooks, idReaders);
  return {
    verify: (request, nowMs) => {
      const verified = verifySignature(request, nowMs);
      if (verified === null) throw new AppError('webhook.unauthorised');
      const deliveryId = verified.deliveryId ?? (isTimeSigned ? verified.digest : repeatableId(verified.digest, nowMs));
      return { deliveryId, events: readEvents(request.rawBody) };
    },
  };
};
